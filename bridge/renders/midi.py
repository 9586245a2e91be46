"""MIDI files of takes: one track per part, drums on channel 10, with tempo, time signature, key and instruments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.scale import Key


def encode_parts(parts: Sequence[TakePart], bpm: float, key: Key | None = None, title: str = "") -> bytes:
    """Return the bytes of a type 1 MIDI file of parts that begin together, each under its own name.

    The time signature is the first part's. Raises ParamError without parts.
    """
    if not parts:
        raise ParamError("parts", "at least one part to write", list(parts))
    clips: dict[str, Clip] = {}
    programs: dict[str, int] = {}
    for part in parts:
        name = next(name for name in _track_names(part) if name not in clips)
        clips[name], programs[name] = part.clip, part.program
    return encode_midi_file(clips, bpm, programs=programs, keys=[(0.0, key)] if key else (), title=title)


def _track_names(part: TakePart) -> Iterator[str]:
    """Yield possible names of a part's track, best first: they tell the encoder which parts are drums."""
    name = part.name.strip() or part.role
    if part.is_drums != name.lower().startswith("drum"):
        name = f"{part.role} {name}"
    yield name
    yield from (f"{name} {number}" for number in count(2))
