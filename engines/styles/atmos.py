"""The ambience of a style: layers one over the other, how chords drift under them, and what rises before a drop."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.styles.preset import Fail, Preset, Range, Share, Velocity, WithRange, check_complexity
from musearoo.engines.styles.rows import OnsetRow

LayerName = Literal["drone", "pad", "swells", "bells", "texture", "riser"]
Bars = Annotated[float, Meta(gt=0, le=32)]


class Layer(WithRange, frozen=True, kw_only=True, tag_field="kind"):
    """What all layers share: their range as note names, how loud they are, and at which energy and complexity they
    sound.
    """

    low: str = "C3"
    high: str = "C5"
    level: Velocity = 60
    energy: Range = (0, 1)
    complexity: Range = (0, 1)


class Drone(Layer, frozen=True, kw_only=True, tag="drone"):
    """The tonic held under everything where no chord forbids it, else the roots; struck anew after so many bars."""

    low: str = "C2"
    high: str = "C3"
    level: Velocity = 56
    every: Bars = 8
    fifth: bool = False


class Pad(Layer, frozen=True, kw_only=True, tag="pad"):
    """Held voices that move as little as the chords allow; each breathes after so many bars, never two at once.

    `colour` is how gladly a voice takes a ninth or a sixth in place of a tone of the chord.
    """

    low: str = "E3"
    high: str = "E5"
    voices: Annotated[int, Meta(ge=1, le=6)] = 4
    every: Bars = 4
    colour: Share = 0.3


class Swells(Layer, frozen=True, kw_only=True, tag="swells"):
    """Tones that pile up ever louder towards a bar line, so many bars apart; `lasting` is how many beats it takes."""

    low: str = "C4"
    high: str = "C6"
    voices: Annotated[int, Meta(ge=2, le=6)] = 4
    every: Bars = 8
    lasting: Annotated[float, Meta(gt=0, le=16)] = 4


class Bells(Layer, frozen=True, kw_only=True, tag="bells"):
    """Rare high notes. Each voice comes round after its own time, about `every` bars, so that they never repeat
    together; `ring` is how many beats one sounds, `echo` how likely it answers itself.
    """

    low: str = "C5"
    high: str = "C7"
    level: Velocity = 52
    voices: Annotated[int, Meta(ge=1, le=6)] = 3
    every: Bars = 3
    ring: Annotated[float, Meta(gt=0, le=16)] = 2
    echo: Share = 0.2


class Texture(Layer, frozen=True, kw_only=True, tag="texture"):
    """A soft figure in the notation of `engines.styles.rows` that gets louder and softer over so many bars."""

    low: str = "C4"
    high: str = "C6"
    level: Velocity = 40
    steps: OnsetRow = OnsetRow("x..4 ..x. .3.x ..5.")
    every: Bars = 4
    gate: Annotated[float, Meta(gt=0, le=1)] = 0.6


class Riser(Layer, frozen=True, kw_only=True, tag="riser"):
    """What leads into a section of more energy: a climb through the scale, a roll on one note, or a stack of tones."""

    low: str = "C4"
    high: str = "C7"
    level: Velocity = 96
    way: Literal["climb", "roll", "stack"] = "climb"
    lasting: Annotated[int, Meta(ge=1, le=8)] = 2


AnyLayer = Drone | Pad | Swells | Bells | Texture | Riser


class Drift(Preset, frozen=True, kw_only=True):
    """How chords follow each other where nobody gives any: bars a chord, how gladly one stays, and how many have a
    seventh.
    """

    bars: Annotated[int, Meta(ge=1, le=16)] = 2
    stillness: Share = 0.15
    sevenths: Share = 0.5


class AtmosStyle(Preset, frozen=True, kw_only=True):
    """The ambience of a style. The first layer that suits the moment always plays; a riser only where energy rises."""

    drift: Drift = Drift()
    layers: Annotated[tuple[AnyLayer, ...], Meta(min_length=1)] = (
        Pad(),
        Drone(complexity=(0.2, 1)),
        Bells(complexity=(0.35, 1), energy=(0, 0.75)),
        Texture(complexity=(0.65, 1)),
        Riser(),
    )


def check_atmos(atmos: AtmosStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
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
