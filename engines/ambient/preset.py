"""Presets of endless music: which layers play, in which scale, how fast everything moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta

from musearoo.engines.ambient.phrase import AmbientLayer
from musearoo.engines.ambient.sounds import Sounds
from musearoo.engines.errors import ParamError, PresetError, unknown_name
from musearoo.engines.foundation.parsing import convert_data
from musearoo.engines.music.scale import Key
from musearoo.engines.styles.atmos import Bars, Bells, Drift, Drone, Layer, Pad, Swells, Texture
from musearoo.engines.styles.preset import Name, Preset, Share
from musearoo.engines.styles.reading import decode_row, read_mapping


class Melody(Layer, frozen=True, kw_only=True, tag="melody"):
    """A voice that sings now and then: a motif of `notes` tones about every `every` bars, which comes back changed.

    `leap` is how readily it goes further than to the next tone; a tone lasts `ring` beats.
    """

    low: str = "C4"
    high: str = "C6"
    level: Annotated[float, Meta(ge=1, le=127)] = 58
    every: Bars = 3
    notes: Annotated[int, Meta(ge=2, le=9)] = 4
    leap: Share = 0.25
    ring: Annotated[float, Meta(gt=0, le=16)] = 1.5


class Stroke(Preset, frozen=True, kw_only=True):
    """One voice of the percussion: about every `every` bars, `likelihood` of each time; a General MIDI drum."""

    drum: Literal["kick", "shaker", "wood", "low_tom", "rim", "bell"]
    every: Bars = 1
    likelihood: Share = 0.6
    at: Annotated[float, Meta(ge=0, lt=16)] = 0
    level: Annotated[float, Meta(ge=1, le=127)] = 52


class Percussion(Preset, frozen=True, kw_only=True, tag_field="kind", tag="percussion"):
    """Sparse strokes, each voice in its own period."""

    strokes: Annotated[tuple[Stroke, ...], Meta(min_length=1)]


class Grains(Layer, frozen=True, kw_only=True, tag="grains"):
    """Clouds of grains on chord tones: about `every` beats one that lasts `lasting` beats."""

    low: str = "C4"
    high: str = "C6"
    level: Annotated[float, Meta(ge=1, le=127)] = 50
    every: Annotated[float, Meta(gt=0, le=64)] = 4
    lasting: Annotated[float, Meta(gt=0, le=64)] = 6


AnyRow = Drone | Pad | Swells | Melody | Bells | Texture | Percussion | Grains


class Row(Preset, frozen=True, kw_only=True):
    """A layer and how much of the time it plays; of the layers with `always`, one plays at any moment."""

    play: AnyRow
    presence: Share = 0.7
    always: bool = False


class AmbientPreset(Preset, frozen=True, kw_only=True):
    """One kind of endless music.

    `bpm` with `free` is only how fast things move: no onset is on a beat. `borrow` is the likelihood with which a
    phrase is in the parallel scale, `silence` that of a breath of silence at its end. Amounts are 0..1.
    """

    name: Name
    about: Annotated[str, Meta(min_length=8, max_length=120)]
    key: str
    bpm: Annotated[float, Meta(ge=20, le=160)]
    free: bool = True
    bars: Annotated[int, Meta(ge=2, le=8)] = 4
    drift: Drift = Drift()
    borrow: Share = 0.06
    silence: Share = 0.0
    density: Share = 0.5
    brightness: Share = 0.5
    motion: Share = 0.5
    space: Share = 0.5
    layers: Annotated[tuple[Row, ...], Meta(min_length=2, max_length=8)]
    sounds: Sounds = Sounds()


def layer_of(row: Row) -> AmbientLayer:
    """Return the layer that a row plays."""
    name: AmbientLayer = type(row.play).__struct_config__.tag  # type: ignore[assignment]
    return name


def parse_preset(text: str, source: str) -> AmbientPreset:
    """Return the preset of a YAML text. Raises PresetError with file, field and bounds."""
    preset = convert_data(read_mapping(text, source), AmbientPreset, source, decode=decode_row)
    try:
        Key.parse(preset.key)
    except ParamError as error:
        raise PresetError(source, "key", str(error)) from error
    names = [layer_of(row) for row in preset.layers]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise PresetError(source, "layers", f"{twice} stands there twice")
    if not any(row.always for row in preset.layers):
        raise PresetError(source, "layers", "at least one layer must be there always, or it would be silent")
    for index, row in enumerate(preset.layers):
        if isinstance(row.play, Layer) and row.play.high_pitch - row.play.low_pitch < 11:
            raise PresetError(source, f"layers[{index}].play.high", "at least an octave above low")
    return preset


def find_preset(name: str, presets: Mapping[str, AmbientPreset]) -> AmbientPreset:
    """Return a preset by its name, in any spelling. Raises ParamError that lists those there are."""
    wanted = _plain(name)
    for preset in presets.values():
        if _plain(preset.name) == wanted:
            return preset
    raise unknown_name("preset", name, sorted(preset.name for preset in presets.values()))


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").casefold().strip()
