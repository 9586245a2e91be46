"""Find the pitch classes that would clash with other parts, pulse by pulse, and keep notes clear of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.atmos.drift import ToneSpan, span_at

PASSING: Final = 0.5
"""The length in beats below which a non-chord tone is a passing tone that clashes with nothing."""
LATE: Final = 0.1
"""The beats by which a note may be late, or held over, and still belong to the pulse."""
WORTH_HOLDING: Final = 0.5
"""The least length in beats of a remaining piece of a held note."""


@dataclass(frozen=True, slots=True)
class Clash:
    """The pitch classes that clash from `beat` to `end`: a semitone from another part's notes."""

    beat: float
    end: float
    classes: frozenset[int]


def find_clashes(context: MusicalContext, spans: Sequence[ToneSpan], meter: Meter, length: float) -> tuple[Clash, ...]:
    """Return the clashes with bass, harmony or melody, one per pulse; pulses without any are left out.

    Two chord tones never clash, such as root and major seventh.
    """
    sounding_notes = sorted(
        (note.start, note.start + note.duration, note.pitch % 12)
        for role in ("bass", "harmony", "melody")
        if (part := context.part(role)) is not None
        for note in looped(part.clip, length).notes
    )
    if not sounding_notes:
        return ()
    clashes: list[Clash] = []
    sounding: list[tuple[float, float, int]] = []
    place = 0
    for beat, end in _pulses(meter, length):
        # A slightly late note still belongs to the pulse.
        while place < len(sounding_notes) and sounding_notes[place][0] < beat + LATE:
            sounding.append(sounding_notes[place])
            place += 1
        sounding = [tone for tone in sounding if tone[1] > beat + LATE]
        tones = span_at(spans, beat).tones
        stays = frozenset(tone for _, until, tone in sounding if tone in tones or until - beat >= PASSING)
        classes = _clashing(stays, tones)
        if classes:
            clashes.append(Clash(beat, end, classes))
    return tuple(clashes)


@lru_cache(maxsize=4096)
def _clashing(classes: frozenset[int], tones: tuple[int, ...]) -> frozenset[int]:
    return frozenset(
        (tone + step) % 12
        for tone in classes
        for step in (-1, 1)
        if tone not in tones or (tone + step) % 12 not in tones
    )


def cut_clashes(note: Note, clashes: Sequence[Clash]) -> Iterator[Note]:
    """Yield the pieces of a note that do not clash: it stops before a clash and resumes after it."""
    start = note.start
    for clash in clashes[max(0, bisect_left(clashes, start, key=_beat) - 1) :]:
        if clash.beat >= note.end:
            break
        if clash.end <= start or note.pitch % 12 not in clash.classes:
            continue
        if clash.beat - start >= WORTH_HOLDING:
            yield replace(note, start=start, duration=clash.beat - start)
        start = clash.end
    if start == note.start:
        yield note
    elif note.end - start >= WORTH_HOLDING:
        yield replace(note, start=start, duration=note.end - start)


def looped(clip: Clip, length: float) -> Clip:
    """Return the clip looped or cut to a length in beats."""
    return clip if clip.length == length else clip.repeated(length)


def _pulses(meter: Meter, length: float) -> Iterator[tuple[float, float]]:
    bar = 0.0
    while bar < length - 1e-9:
        beat = bar
        for pulse in meter.pulses:
            yield beat, beat + pulse
            beat += pulse
        bar += meter.bar_beats


def _beat(clash: Clash) -> float:
    return clash.beat
