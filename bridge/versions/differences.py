"""What differs between two versions, as data: the set, its tracks, scenes and clips, and notes bar by bar. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final, Generic, TypeVar

from musearoo.bridge.protocol.codec import NoteRecord
from musearoo.bridge.versions.tree import Clip, Notes, Scene, Track, Tree

NEAR: Final = 1.0
"""Beats: a note of the same pitch no further away counts as moved, not as another one."""
SAME_TIME: Final = 1e-6
"""Beats within which two notes begin together."""
OFFBEAT: Final = (0.4, 0.75)
"""Where in its beat an off-beat eighth is, from straight to strongly swung."""
FEWEST_OFFBEATS: Final = 4
"""Off-beats that a swing can be told from."""

ReadNotes = Callable[[str], Notes]
Item = TypeVar("Item", Track, Scene, Clip)


@dataclass(frozen=True, slots=True)
class NoteChanges:
    """How many notes of a clip changed, in which bars (from 1, ascending), and how it sounds beside before.

    `louder` is the change of the mean velocity. `swing` is where off-beat eighths are in their beat, 0.5 for straight,
    before and after; None where there are too few.
    """

    added: int = 0
    removed: int = 0
    moved: int = 0
    revoiced: int = 0
    velocities: int = 0
    lengths: int = 0
    bars: tuple[int, ...] = ()
    count: tuple[int, int] = (0, 0)
    louder: float = 0.0
    swing: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Change(Generic[Item]):
    """An item that both versions have, and the names of its fields that differ."""

    before: Item
    after: Item
    fields: tuple[str, ...]
    notes: NoteChanges | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two versions. What is gone is told as it was before; `song` names fields of the set."""

    before: Tree
    after: Tree
    song: tuple[str, ...]
    new_tracks: tuple[Track, ...]
    gone_tracks: tuple[Track, ...]
    tracks: tuple[Change[Track], ...]
    new_scenes: tuple[Scene, ...]
    gone_scenes: tuple[Scene, ...]
    scenes: tuple[Change[Scene], ...]
    new_clips: tuple[Clip, ...]
    gone_clips: tuple[Clip, ...]
    clips: tuple[Change[Clip], ...]
    is_reordered: bool
    """Whether tracks or scenes that both have are in another order."""

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return self.before != self.after


def compare(before: Tree, after: Tree, read_notes: ReadNotes) -> Differences:
    """Return what differs between two versions. Raises what `read_notes` does."""
    new_tracks, gone_tracks, tracks = _pair(before.tracks, after.tracks)
    new_scenes, gone_scenes, scenes = _pair(before.scenes, after.scenes)
    new_clips, gone_clips, clips = _pair(before.clips, after.clips)
    return Differences(
        before=before,
        after=after,
        song=_fields(before.song, after.song),
        new_tracks=new_tracks,
        gone_tracks=gone_tracks,
        tracks=tracks,
        new_scenes=new_scenes,
        gone_scenes=gone_scenes,
        scenes=scenes,
        new_clips=new_clips,
        gone_clips=gone_clips,
        clips=tuple(
            Change(change.before, change.after, change.fields, compare_clips(change.before, change.after, read_notes))
            for change in clips
        ),
        is_reordered=_order(before.tracks, after.tracks) or _order(before.scenes, after.scenes),
    )


def compare_clips(before: Clip, after: Clip, read_notes: ReadNotes) -> NoteChanges | None:
    """Return how the notes of two clips differ, None where they are the same or there are none."""
    if before.notes == after.notes or not (before.notes and after.notes):
        return None
    bar = 4.0 * after.numerator / after.denominator
    first = after.loop_start if after.looping else after.start_marker
    return compare_notes(read_notes(before.notes).rows, read_notes(after.notes).rows, bar, first)


def compare_notes(
    before: Sequence[NoteRecord], after: Sequence[NoteRecord], bar: float, first: float = 0.0
) -> NoteChanges:
    """Return how notes differ. `bar` is the length of a bar in beats, `first` the beat at which bar 1 begins.

    Equal notes are paired first, then those of the same pitch and time, of the same time, and of the same pitch nearby,
    nearest first.
    """
    rest = Counter(after)
    gone = [row for row in before if not _take(rest, row)]
    new = list(rest.elements())
    places: list[float] = []
    counts = Counter[str]()
    for kind, key in (("changed", _pitch_and_time), ("revoiced", _time)):
        gone, new, pairs = _pair_by(gone, new, key)
        for old, now in pairs:
            places.append(now.start)
            if kind == "revoiced":
                counts["revoiced"] += 1
            else:
                counts["velocities"] += old.velocity != now.velocity
                counts["lengths"] += old.duration != now.duration
    gone, new, pairs = _pair_near(gone, new)
    counts["moved"] = len(pairs)
    places += [each.start for pair in pairs for each in pair]
    places += [row.start for row in (*gone, *new)]
    bars = sorted({floor((place - first) / bar + SAME_TIME) + 1 for place in places})
    return NoteChanges(
        added=len(new),
        removed=len(gone),
        moved=counts["moved"],
        revoiced=counts["revoiced"],
        velocities=counts["velocities"],
        lengths=counts["lengths"],
        bars=tuple(bars),
        count=(len(before), len(after)),
        louder=_mean([row.velocity for row in after]) - _mean([row.velocity for row in before]),
        swing=(measure_swing(before), measure_swing(after)),
    )


def measure_swing(rows: Iterable[NoteRecord]) -> float | None:
    """Return where off-beat eighths are in their beat on average, 0.5 for straight; None for too few.

    >>> measure_swing([NoteRecord(36, 0, 1.0, 100.0, 0.0, 64.0, beat + 0.58, 0.2) for beat in range(4)])
    0.58
    """
    offbeats = [place for row in rows if OFFBEAT[0] <= (place := row.start % 1.0) <= OFFBEAT[1]]
    return round(_mean(offbeats), 6) if len(offbeats) >= FEWEST_OFFBEATS else None


def _take(counts: Counter[NoteRecord], row: NoteRecord) -> bool:
    if not counts[row]:
        return False
    counts[row] -= 1
    return True


def _pitch_and_time(row: NoteRecord) -> tuple[int, int]:
    return row.pitch, round(row.start / SAME_TIME)


def _time(row: NoteRecord) -> tuple[int, int]:
    return 0, round(row.start / SAME_TIME)


def _pair_by(
    gone: Sequence[NoteRecord], new: Sequence[NoteRecord], key: Callable[[NoteRecord], tuple[int, int]]
) -> tuple[list[NoteRecord], list[NoteRecord], list[tuple[NoteRecord, NoteRecord]]]:
    """Pair notes with the same key; returns the rest of both, and the pairs."""
    waiting: defaultdict[tuple[int, int], list[NoteRecord]] = defaultdict(list)
    for row in reversed(gone):
        waiting[key(row)].append(row)
    pairs, left = [], []
    for row in new:
        if waiting[key(row)]:
            pairs.append((waiting[key(row)].pop(), row))
        else:
            left.append(row)
    return [row for rows in waiting.values() for row in reversed(rows)], left, pairs


def _pair_near(
    gone: Sequence[NoteRecord], new: Sequence[NoteRecord]
) -> tuple[list[NoteRecord], list[NoteRecord], list[tuple[NoteRecord, NoteRecord]]]:
    """Pair notes of the same pitch that are nearby, nearest first; returns the rest of both, and the pairs."""
    by_pitch: defaultdict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(new):
        by_pitch[row.pitch].append(index)
    near = sorted(
        (abs(row.start - new[at].start), place, at)
        for place, row in enumerate(gone)
        for at in by_pitch[row.pitch]
        if abs(row.start - new[at].start) <= NEAR
    )
    old_paired, new_paired = set[int](), set[int]()
    pairs = []
    for _, place, at in near:
        if place not in old_paired and at not in new_paired:
            old_paired.add(place)
            new_paired.add(at)
            pairs.append((gone[place], new[at]))
    return (
        [row for place, row in enumerate(gone) if place not in old_paired],
        [row for at, row in enumerate(new) if at not in new_paired],
        pairs,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _pair(
    before: Sequence[Item], after: Sequence[Item]
) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Change[Item], ...]]:
    """Return what is new, what is gone, and what has changed."""
    old = {item.uid: item for item in before}
    now = {item.uid: item for item in after}
    changes = (Change(old[uid], item, _fields(old[uid], item)) for uid, item in now.items() if uid in old)
    return (
        tuple(item for uid, item in now.items() if uid not in old),
        tuple(item for uid, item in old.items() if uid not in now),
        tuple(change for change in changes if change.fields),
    )


def _fields(before: object, after: object) -> tuple[str, ...]:
    if before == after:
        return ()
    return tuple(_differing(before, after))


def _differing(before: object, after: object) -> Iterator[str]:
    for name in type(before).__struct_fields__:  # type: ignore[attr-defined]
        if getattr(before, name) != getattr(after, name):
            yield name


def _order(before: Sequence[Track] | Sequence[Scene], after: Sequence[Track] | Sequence[Scene]) -> bool:
    """Whether what both have is in another order."""
    here, there = {item.uid for item in after}, {item.uid for item in before}
    return [item.uid for item in before if item.uid in here] != [item.uid for item in after if item.uid in there]
