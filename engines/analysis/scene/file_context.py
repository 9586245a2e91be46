"""A passage of a MIDI file as musical context: what an engine plays along with.

A clip has one meter, and a context one tempo. So a passage ends where the file's meter changes, and its tempo is the
one that gives the same duration as the file's tempo changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, NamedTuple

from msgspec.structs import replace

from musearoo.engines.analysis.scene.merging import ScenePart, merge_context
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.score import MidiScore, MidiTrack
from musearoo.engines.music.midi_files.song import name_tracks
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.styles.kit_maps import BUILT_IN, KitMap, from_kit
from musearoo.engines.styles.schema import Style

UNSAID: Final = Key(0, "Major")
"""The key many programs write by default: it is ignored, and the key is found from the notes."""
MOST_NAMES: Final = 8
"""Maximum number of parts named in a sentence: files may have a hundred tracks."""
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class PassageRequest:
    """The passage of a file to read: the first bar (counted from 1), the number of bars, and a role to leave out.

    `key` and `chords` override those of the file.
    """

    first_bar: int = 1
    bars: int = 8
    without: Role | None = None
    kit: KitMap = BUILT_IN[0]
    key: Key | None = None
    chords: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a file: the context, the file's own tempos in it, and a report in sentences.

    `program` is that of the part that the new one replaces, or None.
    """

    context: MusicalContext
    tempos: TempoMap
    first_bar: int
    last_bar: int
    program: int | None
    sentences: tuple[str, ...]


class _Stretch(NamedTuple):
    """Bars of one meter: start and end in beats, and the number of the first bar."""

    start: float
    end: float
    meter: Meter
    first_bar: int

    @property
    def last_bar(self) -> int:
        return self.first_bar + ceil((self.end - self.start) / self.meter.bar_beats - _ROUNDING) - 1


def read_passage(
    score: MidiScore, request: PassageRequest, name: str, styles: Mapping[str, Style] | None = None
) -> Passage:
    """Read a passage of the file called `name`. Raises ParamError when it has no such bar, or is silent there."""
    stretches = list(_stretches(score))
    stretch = next((one for one in stretches if one.first_bar <= request.first_bar <= one.last_bar), None)
    if stretch is None:
        raise ParamError("first bar", f"1 to {stretches[-1].last_bar}, as {name} has them", request.first_bar)
    start = stretch.start + (request.first_bar - stretch.first_bar) * stretch.meter.bar_beats
    end = min(start + request.bars * stretch.meter.bar_beats, stretch.end)
    last_bar = min(request.first_bar + request.bars - 1, stretch.last_bar)
    parts, left_out = _parts(score, start, end, stretch.meter, request)
    if not parts and not left_out:
        raise ParamError("bars", f"some in which {name} plays", f"{request.first_bar} to {last_bar}")
    tempos = score.tempos.cut(start, end)
    context = merge_context(parts, _hints(score, tempos, start, end, stretch.meter, request), styles)
    sentences = [_describe_passage(context, tempos, request.first_bar, last_bar, name, score.has_tempo)]
    if last_bar < request.first_bar + request.bars - 1:
        following = next((one.meter for one in stretches if one.start >= stretch.end), None)
        why = f"its meter changes to {following}" if following else "it ends"
        sentences.append(f"After bar {last_bar} {why}: what was heard up to there is taken to go on.")
    if left_out:
        sentences.append(f"Left out, for the new part takes its place: {_listed(list(left_out))}.")
    program = next((track.program for track in left_out.values() if track.program is not None), None)
    return Passage(context, tempos, request.first_bar, last_bar, program, tuple(sentences))


def _stretches(score: MidiScore) -> Iterator[_Stretch]:
    """Split the whole file by meter; a change within a bar ends that bar."""
    starts = [(start, meter) for start, meter in score.meters if start < score.length or start == 0.0]
    bar = 1
    for index, (start, meter) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else max(score.length, start + meter.bar_beats)
        stretch = _Stretch(start, end, meter, bar)
        yield stretch
        bar = stretch.last_bar + 1


def _parts(
    score: MidiScore, start: float, end: float, meter: Meter, request: PassageRequest
) -> tuple[list[ScenePart], dict[str, MidiTrack]]:
    """Return the parts that play from start to end, and the names of the tracks left out."""
    bars = ceil((end - start) / meter.bar_beats - _ROUNDING)
    parts: list[ScenePart] = []
    left_out: dict[str, MidiTrack] = {}
    for name, track in name_tracks(score).items():
        notes = tuple(_cut(track, start, end))
        if not notes:
            continue
        clip = Clip.of(name, bars * meter.bar_beats, from_kit(notes, request.kit) if track.is_drums else notes, meter)
        role: Role = "drums" if track.is_drums else guess_role(name, clip)[0]
        if role == request.without:
            left_out[name] = track
        else:
            parts.append(ScenePart(name, clip, role))
    return parts, left_out


def _cut(track: MidiTrack, start: float, end: float) -> Iterator[Note]:
    """Return the notes that sound from start to end, counted from there and cut at both ends."""
    for note in track.notes:
        begins, ends = max(note.start, start), min(note.end, end)
        if begins < end - _ROUNDING and ends > begins + _ROUNDING:
            yield replace(note, start=begins - start, duration=ends - begins)


def _hints(
    score: MidiScore, tempos: TempoMap, start: float, end: float, meter: Meter, request: PassageRequest
) -> Hints:
    keys = [key for beat, key in score.keys if beat <= start or beat == score.keys[0][0]]
    key: Estimate[Key | None] | None = None
    if request.key is not None:
        key = Estimate(request.key, 1.0, "user")
    elif keys and keys[-1] != UNSAID:
        key = Estimate(keys[-1], 1.0, "clip")
    return Hints(
        tempo=Estimate(_tempo(tempos, end - start), 1.0 if score.has_tempo else 0.0, "clip"),
        meter=Estimate(meter, 1.0, "clip"),
        key=key,
        chords=parse_progression(request.chords, meter) if request.chords else (),
    )


def _tempo(tempos: TempoMap, length: float) -> float:
    """Return the passage's tempo, to a thousandth of a BPM where it is a mean."""
    return tempos.changes[0][1] if len(tempos.changes) == 1 else round(tempos.mean_bpm(length), 3)


def _describe_passage(
    context: MusicalContext, tempos: TempoMap, first: int, last: int, name: str, has_tempo: bool
) -> str:
    tempo = f"{context.tempo.value:g} BPM"
    if not has_tempo:
        tempo += " (it has no tempo: that is what the standard says of such)"
    elif len(tempos.changes) > 1:
        tempo += f" (the mean of {len(tempos.changes)} tempos)"
    bars = f"bar {first}" if first == last else f"bars {first} to {last}"
    playing = _listed([part.name for part in context.parts]) or "nothing beside it"
    key = f", {context.key.value}" if context.key.value else ""
    return f"Heard {bars} of {name}: {context.meter.value}, {tempo}{key}; {playing}."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:MOST_NAMES])} and {more} more"
