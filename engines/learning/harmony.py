"""Learns a style's harmony: the loops that songs go round on, how long chords last, and how they are struck."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Final, NamedTuple

from engines.brainaroo.roles import together_share
from engines.errors import ParamError
from engines.learning.heard_song import HeardSong
from engines.learning.patterns import Members, group_units, is_silent, rates_of, row_of, weight_of, write_row
from engines.learning.raster import place_notes, written_bars
from engines.learning.touch import learn_levels, mark_of, quantile, scatter
from engines.music.chord import Chord
from engines.music.meter import Meter
from engines.music.numeral import Numeral, parse_numeral
from engines.music.pitch import pitch_name
from engines.music.progression import chord_at
from engines.music.scale import Key

LEAST_BARS: Final = 4
LOOP_BARS: Final = (1, 2, 4, 8, 12, 16)
"""The lengths that loops have, in bars."""
COMES_BACK: Final = 0.8
"""The share of bars that must be as the ones a loop before."""
MOST_LOOPS: Final = 8
MOST_COMPINGS: Final = 4
CHORDS: Final = 0.5
"""The share of notes that begin with others from which a part plays chords."""
LENGTHS: Final = ("1/2", "1", "2", "4", "8")
"""The lengths of chords that the schema knows, in bars."""
STRIKES: Final = {"X": "C", "x": "c", "o": "s"}


class _Loop(NamedTuple):
    """A loop in numerals, whether it is of a minor key."""

    chords: str
    minor: bool


def learn_harmony(songs: Sequence[HeardSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """The harmony section of a style; None where songs hold too few chords. What they do not tell is `base`'s."""
    heard = [song for song in songs if song.chords and song.key is not None]
    if sum(len(song.bars) for song in heard) < LEAST_BARS:
        return None
    loops: Counter[_Loop] = Counter()
    for song in heard:
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
        "key": str(_usual_key(heard)),
        "progressions": progressions,
        "ways": {"loops": 8, "grammar": 0, "corpus": 1},
        "chord_bars": _learn_lengths(heard),
        "colour": _learn_colour(heard),
        **_learn_comping(songs, base.get("comping")),
    }
    return {**base, **known}


def learn_vamp(songs: Sequence[HeardSong]) -> str | None:
    """The commonest loop as chords in the commonest key, of several chords if there is one; None without loops."""
    heard = [song for song in songs if song.chords and song.key is not None]
    key = _usual_key(heard) if heard else None
    loops: Counter[_Loop] = Counter()
    for song in heard:
        loops.update(_loops_of(song))
    own = [loop for loop in loops if key is not None and loop.minor == key.is_minor]
    if key is None or not own:
        return None
    best = min(own, key=lambda loop: (len(set(loop.chords.split(" | "))) == 1, -loops[loop], loop))
    bars = [[parse_numeral(word).in_key(key.tonic).symbol for word in bar.split()] for bar in best.chords.split("|")]
    return " | ".join(" ".join(bar) for bar in bars)


def _usual_key(songs: Sequence[HeardSong]) -> Key:
    keys: Counter[Key] = Counter()
    for song in songs:
        if song.key is not None:
            keys[song.key] += len(song.bars)
    return min(keys, key=lambda key: (-keys[key], key))


def _loops_of(song: HeardSong) -> Counter[_Loop]:
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


def _chords_of(song: HeardSong, start: float, key: Key) -> str:
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


def _learn_lengths(songs: Sequence[HeardSong]) -> dict[str, float]:
    bars: Counter[str] = Counter()
    for song in songs:
        for span in song.chords:
            lasting = (span.end - span.start) / song.meter.bar_beats
            bars[min(LENGTHS, key=lambda name: max(_bars(name) / lasting, lasting / _bars(name)))] += 1
    most = max(bars.values())
    return {name: round(max(0.1, 5.0 * bars[name] / most), 1) for name in LENGTHS if bars[name] >= 0.03 * most}


def _bars(name: str) -> float:
    return 0.5 if name == "1/2" else float(name)


def _learn_colour(songs: Sequence[HeardSong]) -> float:
    """The share of the time in which chords have four tones or more."""
    spans = [(span.end - span.start, len(span.chord.pitch_classes)) for song in songs for span in song.chords]
    return round(fsum(beats for beats, tones in spans if tones > 3) / fsum(beats for beats, _ in spans), 2)


def _learn_comping(songs: Sequence[HeardSong], base: object) -> dict[str, object]:
    """The register and the rhythms of those who play chords; nothing where nobody does."""
    strikes: list[list[tuple[int, float, float]]] = []
    pitches: list[float] = []
    velocities: list[float] = []
    places: dict[tuple[int, int], list[float]] = defaultdict(list)
    for number, song in enumerate(songs):
        parts = [part for part in song.parts if part.role == "harmony" and together_share(part.clip) >= CHORDS]
        for part in parts:
            bars: list[list[tuple[int, float, float]]] = [[] for _ in range(written_bars(song))]
            for one in place_notes(song, part.clip.notes):
                bars[one.bar].append((one.step, one.note.velocity, one.note.duration))
                pitches.append(float(one.note.pitch))
                velocities.append(one.note.velocity)
                places[number, one.step].append(one.note.velocity)
            strikes += bars
    units = [frozenset(("on", step) for step, _, _ in bar) for bar in strikes]
    groups = group_units(units, MOST_COMPINGS)
    if not groups:
        return {}
    levels = learn_levels(velocities, (), scatter(places.values()))
    whole = sum(len(members) for members in groups)
    voicing = _usual_voicing(base)
    known: dict[str, object] = {"levels": levels, **_register(pitches)}
    known["comping"] = [
        {
            "name": f"hands {number + 1}",
            "weight": weight_of(len(members), whole),
            **voicing,
            **_write_comping(strikes, units, members, levels, songs[0].meter),
        }
        for number, members in enumerate(groups)
    ]
    return known


def _usual_voicing(base: object) -> dict[str, object]:
    """The voicing that the style it is based on has most."""
    own = base if isinstance(base, Sequence) else ()
    best = max(
        (one for one in own if isinstance(one, Mapping)), key=lambda one: float(one.get("weight", 1)), default={}
    )
    return {name: best[name] for name in ("voicing", "strum") if name in best}


def _register(pitches: Sequence[float]) -> dict[str, object]:
    ordered = sorted(pitches)
    low, high = int(quantile(ordered, 0.03)), int(quantile(ordered, 0.97))
    return {"low": pitch_name(low), "high": pitch_name(min(127, max(high, low + 12)))}


def _write_comping(
    strikes: Sequence[Sequence[tuple[int, float, float]]],
    units: Sequence[frozenset[tuple[str, int]]],
    members: Members,
    levels: Mapping[str, float],
    meter: Meter,
) -> dict[str, object]:
    struck: dict[int, list[float]] = defaultdict(list)
    gates: list[float] = []
    lengths: list[float] = []
    for member in members:
        steps = sorted({step for step, _, _ in strikes[member]})
        for step, velocity, duration in strikes[member]:
            struck[step].append(velocity)
            following = next((later for later in steps if later > step), None)
            lengths.append(duration)
            if following is not None:
                gates.append(min(1.0, duration / ((following - step) / 4.0)))
    hits = row_of(rates_of(units, members), "on")
    sure = {step: rate for step, rate in hits.items() if rate >= 0.6}
    maybe = {step: min(rate, 0.6) for step, rate in hits.items() if rate < 0.6}
    marks = {step: STRIKES[mark_of(sum(struck[step]) / len(struck[step]), levels)] for step in sure}
    comping: dict[str, object] = {"hand": write_row(dict.fromkeys(sure, 1.0), 1, meter, marks)}
    extra = write_row(maybe, 1, meter)
    if not is_silent(extra):
        comping["extra"] = extra
    if gates:
        comping["gate"] = round(max(0.05, quantile(sorted(gates), 0.5)), 2)
    comping["longest"] = round(min(64.0, max(0.25, quantile(sorted(lengths), 0.95))), 2)
    return comping
