"""Does context help? Remove a part of a real song and compare ours with the original.

Our player gets either the rest of the song, or only key, tempo and style. For each excerpt, over the same seeds, the
benchmark asks which of the two is closer to the removed part. The songs have no drums, so our drummer plays to each
whole song before the part is removed.
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
"""The tempo in BPM below which a pop song counts as a ballad."""
LOCKED_BEATS: Final = 0.125
"""A note within a thirty-second of a kick coincides with it."""
SEEDS: Final = 4
"""Takes of each kind over which distances are averaged, to reduce chance."""
_FEWEST_NOTES: Final = 8
"""A part with fewer notes in eight bars is ignored."""

Values = dict[str, float]
Measured = Callable[[Clip, Mapping[Role, Clip], Spans], float | None]


@dataclass(frozen=True, slots=True)
class Scene:
    """An excerpt with our drums added."""

    excerpt: Excerpt
    style: Style
    parts: Mapping[Role, Clip]

    def context(self, without: Role) -> MusicalContext:
        """Return the context of a player who replaces a part; whoever plays the chords must find them in the rest."""
        plain = self.excerpt.context
        rest = tuple(Part(role, role, clip) for role, clip in self.parts.items() if role != without)
        return replace(plain, parts=rest, chords=() if without == "harmony" else plain.chords)

    @property
    def context_without_parts(self) -> MusicalContext:
        """Return the context of a player without the rest of the song."""
        return MusicalContext.plain(bpm=self.excerpt.bpm, key=self.excerpt.key)


def kick_coincidence(clip: Clip, rest: Mapping[Role, Clip], _chords: Spans) -> float | None:
    """Return the share of kicks that coincide with an onset of the part."""
    kicks = [note.start for note in rest["drums"].notes if KIND_OF_PITCH.get(note.pitch) == "kick"]
    starts = sorted(note.start for note in clip.notes)
    if not kicks or not starts:
        return None
    return mean(any(abs(kick - start) <= LOCKED_BEATS for start in starts) for kick in kicks)


def complementarity(clip: Clip, rest: Mapping[Role, Clip], _chords: Spans) -> float | None:
    """Return the share of onset positions, in the part or in the other pitched parts, that only one of them has."""
    mine = {round(note.start * 4) for note in clip.notes}
    others = {round(note.start * 4) for role, other in rest.items() if role != "drums" for note in other.notes}
    return len(mine ^ others) / len(mine | others) if mine and others else None


def spacing(clip: Clip, rest: Mapping[Role, Clip], _chords: Spans) -> float | None:
    """Return the distance in semitones from the mean of the other pitched parts to the mean of the part."""
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
    """Yield for each part and measure the share of excerpts in which context brings ours closer to the original.

    `takes` is the number of excerpts per song. Raises FileNotFoundError for a folder without songs.
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
    """Yield the share of our drummer's kicks that coincide with the song's bass, with and without context."""
    drummer = find_engine("drums")
    meetings = []
    for seed, scene in enumerate(scenes):
        deaf = play_alone(drummer, scene.style, scene.context_without_parts, seed)
        heard, unheard = (
            kick_coincidence(scene.parts["bass"], {"drums": drums}, ()) for drums in (scene.parts["drums"], deaf)
        )
        if heard is not None and unheard is not None:
            meetings.append((heard, unheard))
    hearing, deafness = (mean(column) for column in zip(*meetings, strict=True))
    note = "the peer is a drummer who hears nothing"
    yield Row(PART, "drums: kicks that the bass meets", "share", hearing, deafness, hearing > deafness, note)


def read_scenes(corpora: Path, styles: Mapping[str, Style], takes: int) -> Iterator[Scene]:
    """Yield the requested number of excerpts of each song, none adjacent."""
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
    """Return a clip without the notes of another: the right hand of a piano without its bass."""
    taken = {(note.start, note.pitch) for note in other.notes}
    return clip.with_notes(note for note in clip.notes if (note.start, note.pitch) not in taken)


def compare(role: Role, scenes: Sequence[Scene]) -> Iterator[dict[str, float]]:
    """Yield for each scene and measure 1 where context brings our takes closer, 0 where its absence does, ½ for
    neither.

    The distance to the removed part is averaged over some seeds, the same for both, and measured in standard deviations
    of all compared values, so that distances of several measures can be added.
    """
    engine = find_engine(role)
    found: list[tuple[Values, list[tuple[Values, Values]]]] = []
    for number, scene in enumerate(scenes):
        rest = {other: clip for other, clip in scene.parts.items() if other != role}
        takes = [
            (
                _measure(role, play_alone(engine, scene.style, scene.context(role), seed), rest, scene.excerpt.chords),
                _measure(
                    role, play_alone(engine, scene.style, scene.context_without_parts, seed), rest, scene.excerpt.chords
                ),
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
    """Return the standard deviation of each measure, 1 where all values are equal."""
    known = {name: [each[name] for each in values if name in each] for name in FITTING}
    return {name: pstdev(found) or 1.0 for name, found in known.items() if found}


def _measure(role: Role, clip: Clip, rest: Mapping[Role, Clip], chords: Spans) -> Values:
    values = {name: of(clip, rest, chords) for name, of in FITTING.items() if role == "bass" or of != kick_coincidence}
    return {name: value for name, value in values.items() if value is not None}


def _closer(one: float, other: float) -> float:
    return 0.5 if abs(one - other) < 1e-9 else float(one < other)
