"""Music drawn by chance from wide ranges, the same from run to run: what no band plays, and an engine must take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TypeVar

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate, Source
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.music.song_section import LOOP, SECTION_KINDS, SongSection
from tests.snapshots import Outcome

Value = TypeVar("Value")

METERS = ("4/4", "4/4", "4/4", "3/4", "6/8", "7/8", "12/8", "5/4", "2/4", "9/8", "5/8", "15/16", "3/2", "1/4")
TEMPOS = (20.0, 60.0, 90.0, 120.0, 120.0, 150.0, 180.0, 260.0, 400.0, 999.0)
SCALE_NAMES = (*("Major", "Minor") * 4, *SCALES)
PLAIN = ("maj", "min", "7", "maj7", "min7", "hdim7", "9", "sus4(b7)")
STARTS = (0.0, 0.25, 0.5, 1.0 / 3.0, 0.75, 0.0, 0.0, 0.02, 0.97)


def any_of(chance: Random, values: Sequence[Value]) -> Value:
    """One of the values, all as likely."""
    return values[int(chance.random() * len(values))]


def whole(chance: Random, low: int, high: int) -> int:
    """A whole number from low to high."""
    return low + int(chance.random() * (high - low + 1))


def between(chance: Random, low: float, high: float) -> float:
    """A number from low to high."""
    return low + (high - low) * chance.random()


def amount(chance: Random) -> float:
    """A share of 0..1, often one of its ends."""
    return any_of(chance, (0.0, 1.0, 0.5, chance.random(), chance.random()))


def sweep(name: str, count: int, lines: int, draw: Callable[[Random, int], object]) -> Iterator[Outcome]:
    """So many outcomes of what is drawn, in so many lines of the snapshots."""
    size = count // lines
    for line in range(lines):
        outcomes = []
        for number in range(line * size, (line + 1) * size):
            try:
                outcomes.append(draw(stream(number, "swept", name), number))
            except ValueError as error:
                outcomes.append(type(error).__name__)
        yield f"{name} {line}", tuple(outcomes)


def meter(chance: Random) -> Meter:
    return Meter.parse(any_of(chance, METERS))


def key(chance: Random) -> Key:
    return Key(whole(chance, 0, 11), any_of(chance, SCALE_NAMES))


def chord(chance: Random) -> Chord:
    """Mostly a plain one, sometimes over another bass."""
    quality = any_of(chance, PLAIN) if chance.random() < 0.6 else any_of(chance, QUALITIES).harte
    return Chord(whole(chance, 0, 11), quality, whole(chance, 0, 11) if chance.random() < 0.15 else None)


def spans(chance: Random, length: float) -> tuple[ChordSpan, ...]:
    """Chords over about a length, of a half to eight beats, seldom with silence between them."""
    found, at = [], any_of(chance, (0.0, 0.0, 0.0, 1.0))
    while at < length:
        end = at + any_of(chance, (0.5, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 8.0))
        found.append(ChordSpan(at, end, chord(chance)))
        at = end + (0.0 if chance.random() < 0.95 else 1.0)
    return tuple(found)


def section(chance: Random) -> SongSection:
    if chance.random() < 0.25:
        return LOOP
    return SongSection(
        kind=any_of(chance, SECTION_KINDS),
        energy=whole(chance, 0, 10) / 10.0,
        following=any_of(chance, (None, None, 0.0, 0.4, 1.0)),
        number=whole(chance, 0, 2),
        ends_song=chance.random() < 0.2,
    )


def groove(chance: Random) -> Groove:
    """One of sixteenths over a bar, or over a beat."""
    beats = any_of(chance, (4.0, 3.0, 1.0))
    places = tuple(step / 4.0 for step in range(int(4 * beats)) if chance.random() < 0.7) or (0.0,)
    feel = GrooveProfile(
        places,
        tuple(between(chance, -0.08, 0.08) for _ in places),
        tuple(between(chance, 30.0, 120.0) for _ in places),
        tuple(whole(chance, 1, 9) for _ in places),
    )
    return Groove(swing=Estimate(any_of(chance, (None, 1.0, 1.8)), 1.0, "clip"), bar_beats=beats, whole=feel)


PITCHES: dict[Role, tuple[int, int]] = {"bass": (28, 52), "harmony": (48, 76), "melody": (57, 84)}
DRUMS = (36, 36, 38, 38, 35, 40, 42, 46, 49, 50)


def clip(chance: Random, role: Role, length: float, signature: Meter) -> Clip:
    """Notes of a part: lines, chords where it is harmony, mostly on sixteenths, some of them far too long."""
    notes, at = [], any_of(chance, STARTS)
    low, high = PITCHES.get(role, (0, 127))
    while at < length - 1e-6:
        count = whole(chance, 2, 4) if role == "harmony" else 1
        held = any_of(chance, (0.1, 0.25, 0.45, 0.5, 0.5, 1.0, 1.0, 2.0, 4.0, 9.0))
        for _ in range(count):
            pitch = any_of(chance, DRUMS) if role == "drums" else whole(chance, low, high)
            notes.append(Note(at, pitch, held, float(whole(chance, 20, 127)), mute=chance.random() < 0.05))
        at += any_of(chance, (0.25, 0.5, 0.5, 1.0, 1.0, 1.5, 2.0, 4.0, 0.03, 1.0 / 3.0))
    return Clip.of(role, length, notes, signature)


def parts(chance: Random, length: float, signature: Meter, roles: Sequence[Role]) -> tuple[Part, ...]:
    """Some of these parts, as long as the take, shorter, or empty."""
    found = []
    for role in roles:
        if chance.random() < 0.4:
            own = any_of(chance, (length, length, length / 2.0, 2.0 * length, 7.3))
            part = clip(chance, role, own, signature)
            found.append(Part(role, role, part if chance.random() < 0.9 else part.with_notes(())))
    return tuple(found)


def context(chance: Random, bars: int, roles: Sequence[Role] = ()) -> MusicalContext:
    """A context of any tempo, meter, key, chords, swing and groove, in which some of these parts play."""
    signature = meter(chance)
    length = bars * signature.bar_beats
    has_swing, has_groove = chance.random() < 0.3, chance.random() < 0.3
    sources: tuple[Source, ...] = ("user", "guess")
    source = any_of(chance, sources)
    return MusicalContext(
        tempo=Estimate(any_of(chance, TEMPOS), 1.0, "user"),
        meter=Estimate(signature, 1.0, "user"),
        key=Estimate(None if chance.random() < 0.15 else key(chance), 1.0, "user"),
        chords=() if chance.random() < 0.3 else spans(chance, any_of(chance, (length, length, 4.0, length + 4.0))),
        swing=Estimate(between(chance, 1.0, 3.0), amount(chance), source) if has_swing else Estimate(1.0, 0.0, "guess"),
        groove=Estimate(groove(chance), amount(chance), "clip") if has_groove else Estimate(None, 0.0, "guess"),
        parts=parts(chance, length, signature, roles),
    )
