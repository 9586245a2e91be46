"""Learns a style's harmony: the loops that songs go round on, how long chords last, how rich they are."""

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
"""The lengths that loops have, in bars."""
COMES_BACK: Final = 0.8
"""The share of bars that must be as the ones a loop before."""
MOST_LOOPS: Final = 8
LENGTHS: Final = ("1/2", "1", "2", "4", "8")
"""The lengths of chords that the schema knows, in bars."""


class _Loop(NamedTuple):
    """A loop in numerals, whether it is of a minor key."""

    chords: str
    minor: bool


def learn_harmony(songs: Sequence[SourceSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """The harmony section of a style; None where songs hold too few chords. What they do not tell is `base`'s."""
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
    """The commonest loop as chords in the commonest key, of several chords if there is one; None without loops."""
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
    """The loops of a song, each by the bars that it has of them."""
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
    """The shortest length after which a song's chords come back, four bars where none does."""
    for length in LOOP_BARS:
        pairs = list(zip(bars, bars[length:], strict=False))
        if len(pairs) >= length and sum(one == other for one, other in pairs) >= COMES_BACK * len(pairs):
            return length
    return min(4, len(bars))


def _chords_of(song: SourceSong, start: float, key: Key) -> str:
    """The numerals of a bar: what sounds at its start and, where that is another, at its middle; "" for no chord."""
    names: list[str] = []
    for at in (start, start + song.meter.bar_beats / 2.0):
        chord = chord_at(song.chords, at + 1e-3)
        if chord is not None and (name := _numeral(chord, key.tonic)) not in names:
            names.append(name)
    return " ".join(names)


def _numeral(chord: Chord, tonic: int) -> str:
    """The numeral of a chord over its root, plainer where numerals cannot say it."""
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
    """The share of the time in which chords have four tones or more."""
    spans = [(span.end - span.start, len(span.chord.pitch_classes)) for song in songs for span in song.chords]
    return round(fsum(beats for beats, tones in spans if tones > 3) / fsum(beats for beats, _ in spans), 2)
