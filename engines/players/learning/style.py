"""Learn a style from songs: a preset with the sections for which there is enough material."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Final

import msgspec

from musearoo.engines.errors import ParamError
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.learning.bass import learn_bass
from musearoo.engines.players.learning.drums import learn_drums
from musearoo.engines.players.learning.harmony import learn_harmony, learn_vamp
from musearoo.engines.players.learning.melody import learn_melody
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.players.learning.timing import learn_feel, learn_swing, learn_tempo
from musearoo.engines.styles.preset import Preset
from musearoo.engines.styles.reading import parse_style
from musearoo.engines.styles.rows import Row
from musearoo.engines.styles.schema import Style

MACHINE_JITTER: Final = 1.0
"""The jitter in milliseconds below which no human plays."""
Learn = Callable[[Sequence[SourceSong], Mapping[str, object]], dict[str, object] | None]
LEARNERS: Final[tuple[tuple[str, Learn], ...]] = (
    ("drums", learn_drums),
    ("bass", learn_bass),
    ("harmony", learn_harmony),
    ("melody", learn_melody),
)
WANTED: Final = {"drums": "4 bars of drums", "bass": "4 bars of bass", "harmony": "4 bars of chords",
                 "melody": "8 bars of melody"}  # fmt: skip
"""The least material of each section."""


@dataclass(frozen=True, slots=True)
class LearnedStyle:
    """A learned preset, as `engines.styles.reading.parse_style` reads it, with a report.

    `style` is the preset as a style. `learned` names the learned sections, `missing` what the others lack, and
    `left_out` names songs in other meters.
    """

    data: Mapping[str, object]
    style: Style
    learned: tuple[str, ...]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]


def learn_style(songs: Sequence[SourceSong], name: str, base: Style) -> LearnedStyle:
    """Learn a style of that name from songs, based on `base`; ParamError if there is too little material.

    Only songs in the commonest meter are used.
    """
    if not songs:
        raise ParamError("songs", "at least one with notes", 0)
    meter = _usual_meter(songs)
    chosen = [song for song in songs if song.meter == meter]
    data: dict[str, object] = {
        "name": name,
        "summary": f"Learned from {len(chosen)} song{'s' * (len(chosen) > 1)}, most like {base.name}.",
        "based_on": base.name,
        "tempo": learn_tempo(chosen),
        "swing": learn_swing(chosen),
    }
    feel = learn_feel(chosen)
    if feel:
        data["feel"] = _in_order(base.feel, {**_plain(base.feel), **feel})
    if base.meters:
        data["meters"] = {}  # the rows are written for the general rule
    vamp = learn_vamp(chosen)
    if vamp is not None:
        data["vamp"] = vamp
    sections = {}
    for section, learn in LEARNERS:
        found = learn(chosen, _plain(getattr(base, section)))
        if found is not None:
            sections[section] = _in_order(getattr(base, section), found)
    if not sections:
        raise ParamError("songs", f"enough to learn from: at least {', or '.join(WANTED.values())}", _extent(chosen))
    if "drums" in sections:
        sections["drums"]["players"] = _players(feel, base)
    whole = _rounded({**data, **sections})
    return LearnedStyle(
        whole,
        parse_style({**_plain(base), "aliases": [], **whole}, name),
        tuple(sections),
        tuple(f"{section} ({wanted})" for section, wanted in WANTED.items() if section not in sections),
        tuple(song.name for song in songs if song.meter != meter),
    )


def nearest_style(songs: Sequence[SourceSong], styles: Mapping[str, Style]) -> Style:
    """Return the likeliest style of the songs, each counted once; `styles` must not be empty."""
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for song in songs:
        for name, likelihood in song.styles:
            shares[name].append(likelihood)
    return styles[min(styles, key=lambda name: (-fsum(shares[name]), name))]


def _usual_meter(songs: Sequence[SourceSong]) -> Meter:
    bars: Counter[Meter] = Counter()
    for song in songs:
        bars[song.meter] += len(song.bars)
    return min(bars, key=lambda meter: (-bars[meter], meter))


def _extent(songs: Sequence[SourceSong]) -> str:
    bars = sum(len(song.bars) for song in songs)
    return f"{len(songs)} song{'s' * (len(songs) > 1)} of {bars} bars together"


def _players(feel: Mapping[str, float], base: Style) -> str:
    """Return whose feel the drummer has: a machine's without jitter, the base's if it is unknown."""
    if "jitter" not in feel:
        return base.drums.players
    if feel["jitter"] < MACHINE_JITTER:
        return "machine"
    return "all" if base.drums.players == "machine" else base.drums.players


def _in_order(section: Preset, data: Mapping[str, object]) -> dict[str, object]:
    """Return a section's data in the order of its schema."""
    names = [field.name for field in msgspec.structs.fields(section)]
    return {name: data[name] for name in names if name in data}


def _plain(value: Any) -> Any:
    """Return a section's data without default values."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        kind = value.__struct_config__
        tag = {} if kind.tag is None else {kind.tag_field: kind.tag}
        return tag | {
            field.name: _plain(own) for field in fields if (own := getattr(value, field.name)) != _default_of(field)
        }
    if isinstance(value, Row):
        return value.text
    if isinstance(value, Mapping):
        return {key: _plain(own) for key, own in value.items()}
    return [_plain(own) for own in value] if isinstance(value, tuple) else value


def _default_of(field: msgspec.structs.FieldInfo) -> Any:
    return field.default_factory() if callable(field.default_factory) else field.default


def _rounded(value: Any) -> Any:
    """Return the data with whole floats as integers."""
    if isinstance(value, Mapping):
        return {key: _rounded(own) for key, own in value.items()}
    if isinstance(value, list):
        return [_rounded(own) for own in value]
    return int(value) if isinstance(value, float) and value == int(value) else value
