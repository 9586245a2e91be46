"""Songs of three minutes by the whole band: composition time, endings, and contrast between sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from statistics import mean
from time import thread_time
from typing import Final

from musearoo.bridge.process.gc_control import calmed_collector
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.band.song import PlayedSection, Song, play_song
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.measures.harmony import KINDS, find_harmonic_faults
from musearoo.tools.bench.engines.measures.likeness import Notes
from musearoo.tools.bench.engines.measures.playability import count_unplayable
from musearoo.tools.bench.engines.measures.structure import bars_of, structureness
from musearoo.tools.bench.rows import Row

PART: Final = "song"
SECONDS: Final = 180.0
BOUND_MS: Final = 1000.0
MOST_IN_HUNDRED_BARS: Final = 1.0
WANTED_ENDINGS: Final = 0.95
LENGTHS: Final = (2, 4, 8)
"""The lengths in bars of repeated segments."""
_CLOSE_ENERGY: Final = 0.15
"""Sections with a smaller difference in energy need not differ."""


def judge_songs(styles: Mapping[str, Style], seeds: range) -> Iterator[Row]:
    """Yield the figures of a song of each style for every ten seeds, at least one."""
    times: dict[str, float] = {}
    songs: list[tuple[Style, Song]] = []
    with calmed_collector():
        for seed in seeds[::10]:
            for style in styles.values():
                start = thread_time()
                song = play_song(plan_song(SongParams(style=style, seconds=SECONDS), seed), style, seed)
                times[style.name] = max(times.get(style.name, 0.0), (thread_time() - start) * 1000.0)
                songs.append((style, song))
    slowest = max(times, key=lambda name: times[name])
    yield Row(PART, "three minutes, mean", "ms", mean(times.values()))
    note = f"{slowest}; the peer is the bound"
    yield Row(PART, "three minutes, slowest", "ms", times[slowest], BOUND_MS, times[slowest] <= BOUND_MS, note)
    off = [abs(song.arrangement.seconds - SECONDS) for _, song in songs]
    yield Row(PART, "off the length asked for, most", "s", max(off), note=f"mean {mean(off):.1f}")
    yield from _judge_faults(songs)
    yield from _judge_endings(songs)
    yield from _judge_structure([song for _, song in songs])
    fuller = [verdict for _, song in songs for verdict in _fuller_where_energy_is_higher(song)]
    yield Row(PART, "fuller where the energy is higher", "share", mean(fuller), 0.5, note="of all pairs of sections")
    fallen = sum(len(song.sentences) for _, song in songs)
    yield Row(PART, "parts that had to fall back", "parts", float(fallen), 0.0, not fallen)


def _judge_faults(songs: Sequence[tuple[Style, Song]]) -> Iterator[Row]:
    kinds: Counter[str] = Counter()
    by_style: Counter[str] = Counter()
    unplayable: Counter[str] = Counter()
    bars: Counter[str] = Counter()
    for style, song in songs:
        meter = song.arrangement.meter
        found = find_harmonic_faults(song.clips, song.chords, meter, style.harmony.parallels)
        kinds.update(fault.kind for fault in found)
        by_style[style.name] += len(found)
        bars[style.name] += song.arrangement.bars
        unplayable.update(count_unplayable(song.clips, style, song.arrangement.bpm))
    in_all = 100.0 * kinds.total() / bars.total()
    worst = sorted(bars, key=lambda name: -by_style[name] / bars[name])[:4]
    note = ", ".join(f"{name} {100.0 * by_style[name] / bars[name]:.1f}" for name in worst)
    met = in_all <= MOST_IN_HUNDRED_BARS
    yield Row(PART, "harmonic faults", "in 100 bars", in_all, MOST_IN_HUNDRED_BARS, met, f"most: {note}")
    for kind in KINDS:
        yield Row(PART, f"harmonic faults, {kind}", "in 100 bars", 100.0 * kinds[kind] / bars.total())
    for role, count in unplayable.items():
        yield Row(PART, f"{role}, what hands cannot play", "places", float(count), 0.0, not count)


def _judge_structure(songs: Sequence[Song]) -> Iterator[Row]:
    """Yield the repetition in segments of some bars, compared with the same songs with shuffled bars."""
    every = [bars_of(song.clips.values()) for song in songs]
    mixed = [_in_any_order(bars, seed) for seed, bars in enumerate(every)]
    for length in LENGTHS:
        ours, control = (mean(structureness(bars, length) for bars in each) for each in (every, mixed))
        yield Row(
            PART,
            f"structureness, {length} bars",
            "0..1",
            ours,
            control,
            ours > control,
            "the peer is bars in any order",
        )


def _in_any_order(bars: Sequence[Notes], seed: int) -> list[Notes]:
    chance = stream(seed, "control", "bars")
    return [bar for _, bar in sorted(((chance.random(), bar) for bar in bars), key=lambda pair: pair[0])]


def _judge_endings(songs: Sequence[tuple[Style, Song]]) -> Iterator[Row]:
    """Yield whether songs with a final cadence end on the tonic, with its root in the bass and a chord tone in the
    melody.

    Songs that fade out or loop have no final chord.
    """
    found: dict[str, list[bool]] = {"on the tonic": [], "bass on the root": [], "melody on a chord tone": []}
    for _, song in songs:
        if song.arrangement.ending not in ("final", "button"):
            continue
        last, chord = song.sections[-1], song.chords[-1].chord
        found["on the tonic"].append(chord.root == last.section.key.tonic)
        bass, melody = _last_pitch_class(last, "bass"), _last_pitch_class(last, "melody")
        if bass is not None:
            found["bass on the root"].append(bass in (chord.bass_or_root, chord.root))
        if melody is not None:
            found["melody on a chord tone"].append(melody in chord.pitch_classes)
    for name, verdicts in found.items():
        if verdicts:
            share = mean(verdicts)
            met = share >= WANTED_ENDINGS
            yield Row(PART, f"songs that end {name}", "share", share, 1.0, met, f"at least {WANTED_ENDINGS}")


def _last_pitch_class(played: PlayedSection, role: Role) -> int | None:
    """Return a part's last note, if it still plays in the last bar."""
    clip = played.clip(role)
    if clip is None or not clip.notes or clip.notes[-1].start < clip.length - clip.meter.bar_beats - 0.1:
        return None
    return clip.notes[-1].pitch % 12


def _fuller_where_energy_is_higher(song: Song) -> Iterator[bool]:
    """Yield for each pair of sections with clearly different energies whether the higher one has more sound per
    beat.
    """
    sound = [
        sum(note.velocity for take in played.takes for note in take.clip.notes) / played.section.length
        for played in song.sections
    ]
    energies = [played.section.section.energy for played in song.sections]
    for one, other in combinations(range(len(sound)), 2):
        if abs(energies[one] - energies[other]) > _CLOSE_ENERGY:
            yield (sound[one] > sound[other]) == (energies[one] > energies[other])
