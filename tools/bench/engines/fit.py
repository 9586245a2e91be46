"""Whether listening helps: a part of a real song is taken away, and ours is measured against what was played there.

Our player hears the rest of the song, or is told no more than the key, the tempo and the style. Which of the two comes
closer to the part that was taken away is asked of each excerpt, over the same seeds. The songs have no drummer, so that
ours plays to each whole song before the part is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path
from statistics import mean, pstdev
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.excerpts import Excerpt, read_excerpts
from musearoo.tools.bench.engines.measures.parts import Spans, chord_tone_ratio, mean_pitch
from musearoo.tools.bench.engines.takes import play_alone
from musearoo.tools.bench.rows import Row

PART: Final = "fit"
WANTED_SHARE: Final = 0.8
REMOVED: Final[tuple[Role, ...]] = ("bass", "harmony", "melody")
SLOW: Final = 84.0
"""Beats a minute below which a pop song is called a ballad."""
LOCKED_BEATS: Final = 0.125
"""Within a thirty-second a note is with the kick."""
SEEDS: Final = 4
"""Takes of each kind over which distances are averaged: one alone may be lucky."""
_FEWEST_NOTES: Final = 8
"""A part with fewer notes in eight bars is hardly there."""

Values = dict[str, float]
Measured = Callable[[Clip, Mapping[Role, Clip], Spans], float | None]


@dataclass(frozen=True, slots=True)
class Scene:
    """An excerpt with our drummer in it."""

    excerpt: Excerpt
    style: Style
    parts: Mapping[Role, Clip]

    def context(self, without: Role) -> MusicalContext:
        """What a player hears who takes over a part; whoever plays the chords has to find them in the rest."""
        plain = self.excerpt.context
        rest = tuple(Part(role, role, clip) for role, clip in self.parts.items() if role != without)
        return replace(plain, parts=rest, chords=() if without == "harmony" else plain.chords)

    @property
    def deaf_context(self) -> MusicalContext:
        """What a player is told who hears nothing."""
        return MusicalContext.plain(bpm=self.excerpt.bpm, key=self.excerpt.key)


def kick_coincidence(clip: Clip, rest: Mapping[Role, Clip], _chords: Spans) -> float | None:
    """The share of kicks that something of the part begins with."""
    kicks = [note.start for note in rest["drums"].notes if KIND_OF_PITCH.get(note.pitch) == "kick"]
    starts = sorted(note.start for note in clip.notes)
    if not kicks or not starts:
        return None
    return mean(any(abs(kick - start) <= LOCKED_BEATS for start in starts) for kick in kicks)


def complementarity(clip: Clip, rest: Mapping[Role, Clip], _chords: Spans) -> float | None:
    """The share of the places where something begins, in the part or in the other pitched parts, that only one has."""
    mine = {round(note.start * 4) for note in clip.notes}
    others = {round(note.start * 4) for role, other in rest.items() if role != "drums" for note in other.notes}
    return len(mine ^ others) / len(mine | others) if mine and others else None


def spacing(clip: Clip, rest: Mapping[Role, Clip], _chords: Spans) -> float | None:
    """Semitones from the middle of the other pitched parts to the middle of the part."""
    own = mean_pitch(clip)
    others = [middle for role, other in rest.items() if role != "drums" for middle in [mean_pitch(other)] if middle]
    return own - mean(others) if own is not None and others else None


FITTING: Final[dict[str, Measured]] = {
    "chord-tone ratio": lambda clip, _rest, chords: chord_tone_ratio(clip, chords),
    "kick coincidence": kick_coincidence,
    "onset complementarity": complementarity,
    "register spacing": spacing,
}


def judge_fit(corpora: Path, styles: Mapping[str, Style], takes: int) -> Iterator[Row]:
    """For each part and measure the share of excerpts in which hearing brings ours closer to what was played.

    `takes` is how many excerpts of a song are tried. Raises FileNotFoundError where a folder holds no songs.
    """
    scenes = list(read_scenes(corpora, styles, takes))
    if not scenes:
        raise FileNotFoundError(f"{corpora} holds no song of POP909: see tools/bench/corpora/pop909.py for its folders")
    closer: dict[str, list[float]] = {}
    for role in REMOVED:
        verdicts = list(compare(role, [scene for scene in scenes if len(scene.parts[role].notes) >= _FEWEST_NOTES]))
        for name in (*FITTING, "in all"):
            found = [verdict[name] for verdict in verdicts if name in verdict]
            if found:
                closer.setdefault(name, []).extend(found)
                yield _row(f"{role}: {name}", found, has_target=name == "in all")
    for name, found in closer.items():
        yield _row(f"all parts: {name}", found, has_target=name == "in all")
    yield from _judge_drummer(scenes)


def _row(name: str, found: Sequence[float], has_target: bool) -> Row:
    share = mean(found)
    met = share >= WANTED_SHARE if has_target else None
    return Row(PART, f"{name}, closer when heard", "share", share, 0.5, met, f"{len(found)} excerpts")


def _judge_drummer(scenes: Sequence[Scene]) -> Iterator[Row]:
    """How many of our drummer's kicks the bass of the song meets, beside those of one who hears nothing."""
    drummer = find_engine("drums")
    meetings = []
    for seed, scene in enumerate(scenes):
        deaf = play_alone(drummer, scene.style, scene.deaf_context, seed)
        heard, unheard = (
            kick_coincidence(scene.parts["bass"], {"drums": drums}, ()) for drums in (scene.parts["drums"], deaf)
        )
        if heard is not None and unheard is not None:
            meetings.append((heard, unheard))
    hearing, deafness = (mean(column) for column in zip(*meetings, strict=True))
    note = "the peer is a drummer who hears nothing"
    yield Row(PART, "drums: kicks that the bass meets", "share", hearing, deafness, hearing > deafness, note)


def read_scenes(corpora: Path, styles: Mapping[str, Style], takes: int) -> Iterator[Scene]:
    """As many excerpts of each song as are asked for, but no two that lie side by side."""
    songs: dict[str, list[Excerpt]] = {}
    for excerpt in read_excerpts(corpora):
        if excerpt.key is not None:
            songs.setdefault(excerpt.song, []).append(excerpt)
    drummer = find_engine("drums")
    for number, excerpts in enumerate(songs.values()):
        for excerpt in excerpts[1::2][:takes]:
            style = styles["ballad" if excerpt.bpm < SLOW else "pop"]
            parts: dict[Role, Clip] = {role: excerpt.parts[role] for role in REMOVED}
            parts["harmony"] = _without(parts["harmony"], parts["bass"])
            heard = tuple(Part(role, role, clip) for role, clip in parts.items())
            drums = play_alone(drummer, style, replace(excerpt.context, parts=heard), number)
            yield Scene(excerpt, style, {"drums": drums, **parts})


def _without(clip: Clip, other: Clip) -> Clip:
    """A clip without the notes that another one has: the right hand of a piano without its bass."""
    taken = {(note.start, note.pitch) for note in other.notes}
    return clip.with_notes(note for note in clip.notes if (note.start, note.pitch) not in taken)


def compare(role: Role, scenes: Sequence[Scene]) -> Iterator[dict[str, float]]:
    """For each scene and measure 1 where hearing brings our takes closer, 0 where deafness does, a half where neither.

    How far takes lie from the part that was taken away is averaged over some seeds, the same for both, and measured
    in standard deviations of everything that is compared, so that distances of several measures can be added.
    """
    engine = find_engine(role)
    found: list[tuple[Values, list[tuple[Values, Values]]]] = []
    for number, scene in enumerate(scenes):
        rest = {other: clip for other, clip in scene.parts.items() if other != role}
        takes = [
            (
                _measure(role, play_alone(engine, scene.style, scene.context(role), seed), rest, scene.excerpt.chords),
                _measure(role, play_alone(engine, scene.style, scene.deaf_context, seed), rest, scene.excerpt.chords),
            )
            for seed in range(number * SEEDS, (number + 1) * SEEDS)
        ]
        found.append((_measure(role, scene.parts[role], rest, scene.excerpt.chords), takes))
    spread = _spread([values for played, takes in found for values in (played, *(v for pair in takes for v in pair))])
    for played, takes in found:
        far = {
            name: tuple(
                mean(abs(take[which][name] - played[name]) / spread[name] for take in takes) for which in (0, 1)
            )
            for name in played
            if all(name in values for pair in takes for values in pair)
        }
        verdict = {name: _closer(*pair) for name, pair in far.items()}
        yield {**verdict, "in all": _closer(*(fsum(pair[which] for pair in far.values()) for which in (0, 1)))}


def _spread(values: Sequence[Values]) -> Values:
    """The standard deviation of each measure, 1 where all are alike."""
    known = {name: [each[name] for each in values if name in each] for name in FITTING}
    return {name: pstdev(found) or 1.0 for name, found in known.items() if found}


def _measure(role: Role, clip: Clip, rest: Mapping[Role, Clip], chords: Spans) -> Values:
    values = {name: of(clip, rest, chords) for name, of in FITTING.items() if role == "bass" or of != kick_coincidence}
    return {name: value for name, value in values.items() if value is not None}


def _closer(one: float, other: float) -> float:
    return 0.5 if abs(one - other) < 1e-9 else float(one < other)
