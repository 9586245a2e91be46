"""Music drawn from a seed for wide sweeps: contexts, parts, sections and notes, with all that lies on a border.

Amounts, energies and tempi are mostly those at which an engine decides something, so that a comparison that is off by
its border shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Final

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.song_section import LOOP, SECTION_KINDS, SongSection
from musearoo.engines.styles.schema import Style
from tests.engines.players.test_properties import any_of
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome

AMOUNTS: Final = (0.0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.5, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1.0)
ENERGIES: Final = (0.0, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0)
TEMPI: Final = (20.0, 48.0, 75.0, 90.0, 120.0, 120.0, 142.5, 180.0, 300.0, 999.0)
METERS: Final = ("4/4",) * 6 + (
    *("3/4", "2/4", "5/4", "6/8", "7/8", "12/8", "3/8", "1/4", "5/8", "15/16", "7/4", "3/2", "9/8"),
)
PROGRESSIONS: Final = (
    *("", "", "C | G/B | Am | F", "Am7 D7 | Gmaj7 Cmaj7", "Dm7b5 | G7b9 | Cm6", "E5 G5 | A5"),
    *("F#dim7 | B7#9 | Esus4 | E", "Bb | Bb | Eb | Db", "C C D D | E | F | C", "G7"),
)
KEYS: Final = (None, "C", "Am", "F# minor", "Bb", "D dorian", "E Hirajoshi", "G Whole Tone")
KINDS: Final[tuple[DrumKind, ...]] = ("kick", "snare")
Draw = Callable[[Random, int], object]


def sweep(name: str, draw: Draw, *, lines: int, cases: int) -> Iterator[Outcome]:
    """So many lines with so many drawn cases each; what is refused is an outcome too."""
    for line in range(lines):
        outcomes: list[object] = []
        for number in range(line * cases, (line + 1) * cases):
            try:
                outcomes.append(draw(stream(number, "sweep", name), number))
            except ParamError as error:
                # Which value was refused, and not in what words.
                outcomes.append((type(error).__name__, error.field))
        yield f"{name} {line}", outcomes


def maybe(chance: Random, share: float) -> bool:
    """Whether something happens that happens in this share of cases."""
    return chance.random() < share


def whole(chance: Random, low: int, high: int) -> int:
    """A whole number from low to high, both among them."""
    return low + int(chance.random() * (high - low + 1))


def some(chance: Random, values: Sequence[str], share: float = 0.5) -> list[str]:
    """Some of the values, in their order."""
    return [value for value in values if maybe(chance, share)]


def any_style(chance: Random) -> Style:
    return any_of(chance, tuple(STYLES.values()))


def any_section(chance: Random) -> SongSection:
    """A loop now and then, else any section; what follows is often just at the border of a rise."""
    if maybe(chance, 0.25):
        return LOOP
    energy = any_of(chance, ENERGIES)
    following = any_of(chance, (None, 0.0, min(1.0, energy + 0.1), min(1.0, energy + 0.2), 1.0))
    return SongSection(any_of(chance, SECTION_KINDS), energy, following, whole(chance, 0, 3), maybe(chance, 0.3))


def any_place(chance: Random, length: float, bar: float = 4.0) -> float:
    """A straight place: on bars, beats, sixteenths or triplets."""
    step = any_of(chance, (bar, 1.0, 0.5, 0.25, 0.25, 0.25, 1.0 / 3.0, 1.0 / 6.0))
    return whole(chance, 0, max(0, int(length / step) - 1)) * step


def any_notes(
    chance: Random, length: float, pitches: Sequence[int], count: int, chords: bool = False
) -> Iterator[Note]:
    """Notes on the grid or beside it, some muted; as chords, up to four at once."""
    for _ in range(count):
        start = max(0.0, any_place(chance, length) + any_of(chance, (0.0, 0.0, 0.0, 0.01, 0.02, -0.02, 0.06, -0.1)))
        if start >= length:
            continue
        duration = any_of(chance, (0.1, 0.25, 0.5, 0.5, 1.0, 1.5, 4.0))
        velocity, mute = any_of(chance, (1.0, 30.0, 80.0, 81.0, 100.0, 127.0)), maybe(chance, 0.05)
        first = any_of(chance, pitches)
        for step in (0, 4, 7, 11)[: whole(chance, 1, 4) if chords else 1]:
            yield Note(start, min(127, first + step), duration, velocity, mute)


def any_clip(
    chance: Random, length: float, pitches: Sequence[int], *, count: int = 16, chords: bool = False, line: bool = False
) -> Clip:
    """A clip of drawn notes, none twice at a place; of a `line`, no two begin together."""
    notes = any_notes(chance, length, pitches, count, chords)
    by_place = {(note.start, 0 if line else note.pitch): note for note in notes}
    return Clip.of("drawn", length, by_place.values())


def any_parts(chance: Random, length: float, roles: Sequence[Role]) -> tuple[Part, ...]:
    """Parts of some of the roles: as long as the take, shorter or longer; seldom without a note."""
    parts = []
    for role in roles:
        if maybe(chance, 0.5):
            continue
        pitches = {
            "drums": (35, 36, 36, 38, 42, 46),
            "bass": (28, 31, 36, 40, 47),
            "harmony": (48, 52, 57, 60, 64),
            "melody": (55, 62, 67, 72, 79),
        }.get(role, (20, 60, 110))
        its_length = length if maybe(chance, 0.6) else any_of(chance, (1.0, 4.0, 6.0, 40.0))
        count = any_of(chance, (0, 1, 3, 12, 24, 60))
        parts.append(Part(role, role, any_clip(chance, its_length, pitches, count=count, chords=role == "harmony")))
    return tuple(parts)


def any_groove(chance: Random) -> Estimate[Groove | None]:
    """A groove that was heard more or less surely, of some places in the bar and of some drums."""

    def feel() -> GrooveProfile:
        places = tuple(number / 4.0 for number in range(16) if maybe(chance, 0.6)) or (0.0,)
        return GrooveProfile(
            places,
            tuple(round(0.12 * (chance.random() - 0.5), 4) for _ in places),
            tuple(float(whole(chance, 1, 127)) for _ in places),
            tuple(whole(chance, 1, 8) for _ in places),
        )

    drums = {kind: feel() for kind in KINDS if maybe(chance, 0.5)}
    groove = Groove(bar_beats=any_of(chance, (4.0, 4.0, 3.0, 1.0)), whole=feel(), drums=drums or None)
    return Estimate(groove, any_of(chance, (0.49, 0.5, 0.9)), "clip")


def any_context(
    chance: Random, bars: int, roles: Sequence[Role] = (), *, meters: Sequence[str] = METERS
) -> MusicalContext:
    """A context of any tempo, meter, key, chords, swing and groove, in which some of the roles play."""
    meter = Meter.parse(any_of(chance, meters))
    context = MusicalContext.plain(
        bpm=any_of(chance, TEMPI),
        meter=meter,
        key=any_of(chance, KEYS),
        chords=any_of(chance, PROGRESSIONS),
        swing=any_of(chance, (None, None, 1.0, 1.5, 2.0, 3.5)),
        parts=any_parts(chance, bars * meter.bar_beats, roles),
    )
    return replace(context, groove=any_groove(chance)) if maybe(chance, 0.3) else context


def notes_of(notes: Iterable[Note]) -> tuple[object, ...]:
    """Notes as they are kept."""
    return tuple((note.start, note.pitch, note.duration, note.velocity, note.mute) for note in notes)
