"""The atmosphere section of a preset: layers, the drift of the chords under them, and risers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.styles.preset import Fail, Preset, Range, Share, Velocity, WithRange, check_complexity
from musearoo.engines.styles.rows import OnsetRow

LayerName = Literal["drone", "pad", "swells", "bells", "texture", "riser"]
Bars = Annotated[float, Meta(gt=0, le=32)]


class Layer(WithRange, frozen=True, kw_only=True, tag_field="kind"):
    """The fields of all layers: range as note names, velocity level, and the energy and complexity they suit."""

    low: str = "C3"
    high: str = "C5"
    level: Velocity = 60
    energy: Range = (0, 1)
    complexity: Range = (0, 1)


class Drone(Layer, frozen=True, kw_only=True, tag="drone"):
    """A pedal on the tonic if it suits all chords, else on their roots; struck again every `every` bars."""

    low: str = "C2"
    high: str = "C3"
    level: Velocity = 56
    every: Bars = 8
    fifth: bool = False


class Pad(Layer, frozen=True, kw_only=True, tag="pad"):
    """Held voices that move as little as possible; each breathes every `every` bars, never two at once.

    `colour` is how readily a voice takes a ninth or a sixth instead of a chord tone.
    """

    low: str = "E3"
    high: str = "E5"
    voices: Annotated[int, Meta(ge=1, le=6)] = 4
    every: Bars = 4
    colour: Share = 0.3


class Swells(Layer, frozen=True, kw_only=True, tag="swells"):
    """Chord tones that enter one by one, louder and louder, up to a bar line, every `every` bars; `lasting` is the
    length in beats.
    """

    low: str = "C4"
    high: str = "C6"
    voices: Annotated[int, Meta(ge=2, le=6)] = 4
    every: Bars = 8
    lasting: Annotated[float, Meta(gt=0, le=16)] = 4


class Bells(Layer, frozen=True, kw_only=True, tag="bells"):
    """Sparse high notes. Each voice has its own period of about `every` bars, so that they never repeat together.

    `ring` is the length of a note in beats, `echo` the likelihood of an echo.
    """

    low: str = "C5"
    high: str = "C7"
    level: Velocity = 52
    voices: Annotated[int, Meta(ge=1, le=6)] = 3
    every: Bars = 3
    ring: Annotated[float, Meta(gt=0, le=16)] = 2
    echo: Share = 0.2


class Texture(Layer, frozen=True, kw_only=True, tag="texture"):
    """A soft figure in the notation of `engines.styles.rows`; its level rises and falls over `every` bars."""

    low: str = "C4"
    high: str = "C6"
    level: Velocity = 40
    steps: OnsetRow = OnsetRow("x..4 ..x. .3.x ..5.")
    every: Bars = 4
    gate: Annotated[float, Meta(gt=0, le=1)] = 0.6


class Riser(Layer, frozen=True, kw_only=True, tag="riser"):
    """A transition to a section of more energy: a climb through the scale, a roll on one note, or a stack of tones."""

    low: str = "C4"
    high: str = "C7"
    level: Velocity = 96
    way: Literal["climb", "roll", "stack"] = "climb"
    lasting: Annotated[int, Meta(ge=1, le=8)] = 2


AnyLayer = Drone | Pad | Swells | Bells | Texture | Riser


class Drift(Preset, frozen=True, kw_only=True):
    """Random chords where the set has none: bars per chord, likelihood of repeating one, and share of sevenths."""

    bars: Annotated[int, Meta(ge=1, le=16)] = 2
    stillness: Share = 0.15
    sevenths: Share = 0.5


class AtmosStyle(Preset, frozen=True, kw_only=True):
    """The ambience of a style. Every layer that suits energy and complexity plays, a riser only where energy rises."""

    drift: Drift = Drift()
    layers: Annotated[tuple[AnyLayer, ...], Meta(min_length=1)] = (
        Pad(),
        Drone(complexity=(0.2, 1)),
        Bells(complexity=(0.35, 1), energy=(0, 0.75)),
        Texture(complexity=(0.65, 1)),
        Riser(),
    )


def check_atmos(atmos: AtmosStyle, fail: Fail) -> None:
    """Report fields that contradict each other."""
    check_complexity("atmos.layers", atmos.layers, fail)
    for index, layer in enumerate(atmos.layers):
        field = f"atmos.layers[{index}]"
        if layer.energy[0] > layer.energy[1]:
            fail(f"{field}.energy", f"expected low <= high, got {list(layer.energy)}")
        try:
            low, high = layer.low_pitch, layer.high_pitch
        except ParamError as error:
            fail(f"{field}.low", str(error))
        if high - low < 11:
            fail(f"{field}.high", f"expected at least an octave above low ({layer.low}), got {layer.high}")
    if all(isinstance(layer, Riser) for layer in atmos.layers):
        fail("atmos.layers", "expected at least one layer beside the riser")
