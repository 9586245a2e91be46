"""Learn a style's harmony: chord loops, chord durations, and how often chords have sevenths and more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Final, NamedTuple

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.numeral import Numeral, parse_numeral
from musearoo.engines.music.progression import chord_at
from musearoo.engines.music.scale import Key
from musearoo.engines.music.spelling import spell_chords
from musearoo.engines.players.learning.comping import learn_comping
from musearoo.engines.players.learning.patterns import weight_of
from musearoo.engines.players.learning.song import SourceSong

LEAST_BARS: Final = 4
LOOP_BARS: Final = (1, 2, 4, 8, 12, 16)
"""Possible lengths of loops in bars."""
REPEATED_SHARE: Final = 0.8
"""The share of bars that must equal the bar one loop earlier."""
MOST_LOOPS: Final = 8
LENGTHS: Final = ("1/2", "1", "2", "4", "8")
"""The lengths of chords that the schema knows, in bars."""


class _Loop(NamedTuple):
    """A loop in Roman numerals, and whether its key is minor."""

    chords: str
    minor: bool


def learn_harmony(songs: Sequence[SourceSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """Return the harmony section of a style; None if there are too few chords. Gaps are filled from `base`."""
    usable = [song for song in songs if song.chords and song.key is not None]
    if sum(len(song.bars) for song in usable) < LEAST_BARS:
        return None
    loops: Counter[_Loop] = Counter()
    for song in usable:
        loops.update(_loops_of(song))
    if not loops:
        return None
    best = sorted(loops, key=lambda loop: (-loops[loop], loop))[:MOST_LOOPS]
    whole = sum(loops[loop] for loop in best)
    progressions = []
    for number, loop in enumerate(best):
        progression: dict[str, object] = {"name": f"loop {number + 1}"}
        progression["weight"] = weight_of(loops[loop], whole)
        if loop.minor:
            progression["mode"] = "minor"
        progressions.append(progression | {"chords": loop.chords})
    known: dict[str, object] = {
        "key": str(_usual_key(usable)),
        "progressions": progressions,
        "ways": {"loops": 8, "grammar": 0, "corpus": 1},
        "chord_bars": _learn_lengths(usable),
        "colour": _learn_colour(usable),
        **learn_comping(songs, base.get("comping")),
    }
    return {**base, **known}


def learn_vamp(songs: Sequence[SourceSong]) -> str | None:
    """Return the commonest loop as chords in the commonest key, preferably of several chords; None without loops."""
    usable = [song for song in songs if song.chords and song.key is not None]
    key = _usual_key(usable) if usable else None
    loops: Counter[_Loop] = Counter()
    for song in usable:
        loops.update(_loops_of(song))
    own = [loop for loop in loops if key is not None and loop.minor == key.is_minor]
    if key is None or not own:
        return None
    best = min(own, key=lambda loop: (len(set(loop.chords.split(" | "))) == 1, -loops[loop], loop))
    bars = [[parse_numeral(word).in_key(key.tonic) for word in bar.split()] for bar in best.chords.split("|")]
    names = iter(spell_chords([chord for bar in bars for chord in bar], key))
    return " | ".join(" ".join(next(names) for _ in bar) for bar in bars)


def _usual_key(songs: Sequence[SourceSong]) -> Key:
    keys: Counter[Key] = Counter()
    for song in songs:
        if song.key is not None:
            keys[song.key] += len(song.bars)
    return min(keys, key=lambda key: (-keys[key], key))


def _loops_of(song: SourceSong) -> Counter[_Loop]:
    """Return the loops of a song, each with the number of bars that it covers."""
    if song.key is None:
        return Counter()
    bars = [_chords_of(song, start, song.key) for start in song.bars]
    length = _loop_length(bars)
    found: Counter[_Loop] = Counter()
    for first in range(0, len(bars) - length + 1, length):
        loop = bars[first : first + length]
        if all(loop):
            found[_Loop(" | ".join(loop), song.key.is_minor)] += length
    return found


def _loop_length(bars: Sequence[str]) -> int:
    """Return the shortest length in bars after which a song's chords repeat; 4 if they do not."""
    for length in LOOP_BARS:
        pairs = list(zip(bars, bars[length:], strict=False))
        if len(pairs) >= length and sum(one == other for one, other in pairs) >= REPEATED_SHARE * len(pairs):
            return length
    return min(4, len(bars))


def _chords_of(song: SourceSong, start: float, key: Key) -> str:
    """Return the numerals of a bar: at its start and, if different, at its middle; "" without a chord."""
    names: list[str] = []
    for at in (start, start + song.meter.bar_beats / 2.0):
        chord = chord_at(song.chords, at + 1e-3)
        if chord is not None and (name := _numeral(chord, key.tonic)) not in names:
            names.append(name)
    return " ".join(names)


def _numeral(chord: Chord, tonic: int) -> str:
    """Return the numeral of a chord in root position, simplified if the notation lacks its quality."""
    for quality in (chord.quality, "min" if chord.is_minor else "maj"):
        text = str(Numeral((chord.root - tonic) % 12, quality))
        try:
            parse_numeral(text)
        except ParamError:
            continue
        return text
    return "I"


def _learn_lengths(songs: Sequence[SourceSong]) -> dict[str, float]:
    bars: Counter[str] = Counter()
    for song in songs:
        for span in song.chords:
            lasting = (span.end - span.start) / song.meter.bar_beats
            bars[min(LENGTHS, key=lambda name: max(_bars(name) / lasting, lasting / _bars(name)))] += 1
    most = max(bars.values())
    return {name: round(5.0 * bars[name] / most, 1) for name in LENGTHS if bars[name] >= 0.03 * most}


def _bars(name: str) -> float:
    return 0.5 if name == "1/2" else float(name)


def _learn_colour(songs: Sequence[SourceSong]) -> float:
    """Return the share of time with chords of four or more tones."""
    spans = [(span.end - span.start, len(span.chord.pitch_classes)) for song in songs for span in song.chords]
    return round(fsum(beats for beats, tones in spans if tones > 3) / fsum(beats for beats, _ in spans), 2)
