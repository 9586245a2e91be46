"""Learns a drummer: grooves, timekeepers and levels; `engines.learning.fills` has the fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from math import fsum
from typing import Final, NamedTuple

from engines.drummaroo.kit import BY_PITCH, KIT
from engines.learning.fills import FillBar, find_fill, write_fills
from engines.learning.heard_song import HeardSong
from engines.learning.patterns import Cell, Members, Rates, group_units, rates_of, row_of, unit_bars, write_row
from engines.learning.raster import STEPS, Placed, place_notes, written_bars
from engines.learning.touch import learn_levels, mark_of, quantile, scatter
from engines.music.meter import Meter

LEAST_BARS: Final = 4
"""Bars of drums from which something is learned."""
MOST_GROOVES: Final = 8
MOST_TIMEKEEPERS: Final = 6
PHRASE_BARS: Final = 4
GHOST_SHARE: Final = 0.6
"""A snare below this share of the loud ones is a ghost note."""
GHOST: Final = "ghost"
CORE: Final = ("kick", "snare", "cross_stick", "clap")
"""The voices by which grooves are told apart."""
LAYERS: Final = (
    "shaker",
    "tambourine",
    "cowbell",
    "claves",
    "conga_high",
    "conga_low",
    "high_tom",
    "mid_tom",
    "low_tom",
)
LAYERED: Final = 0.4
"""Strokes a bar from which a sound belongs to a groove."""
TIMEKEEPERS: Final = (
    ("closed_hat", "open_hat"), ("ride",), ("ride_bell",), ("shaker",), ("tambourine",), ("cowbell",), ("claves",),
    ("crash",), ("low_tom",),
)  # fmt: skip
"""What time is kept on, in the order in which it is looked for."""
KEEPERS: Final = frozenset(voice for voices in TIMEKEEPERS for voice in voices)
USUAL: Final = 0.5
"""A stroke that so many of a song's bars have is what it goes by."""
KEEPS_TIME: Final = 2
"""Strokes a bar from which a voice may be what time is kept on."""
MANY_STROKES: Final = 8
FEW_STROKES: Final = 4

VOICES: Final = {pitch: next(name for name, voice in KIT.items() if voice.pitch == pitch) for pitch in BY_PITCH} | {
    35: "kick", 40: "snare", 22: "closed_hat", 26: "open_hat", 43: "low_tom", 47: "mid_tom", 50: "high_tom",
    58: "low_tom", 52: "crash", 57: "crash", 59: "ride", 60: "conga_high", 61: "conga_low", 62: "conga_high",
    69: "shaker", 82: "shaker", 76: "claves", 77: "claves",
}  # fmt: skip
"""Which voice a General MIDI pitch is, or Roland's kits' additions to them; the kit has one of each kind."""

Bar = Mapping[Cell, float]
"""The velocities of a bar's strokes."""


class Drummed(NamedTuple):
    """What the drums of one song do: the strokes of each written bar, and the fills by their bars."""

    song: HeardSong
    bars: tuple[Bar, ...]
    fills: Mapping[int, FillBar]
    usual: Rates
    """How likely each stroke is in its bars."""

    @property
    def in_groove(self) -> list[Bar]:
        """The bars, those with a fill or a stop at their end left empty."""
        return [{} if number in self.fills or self._stops(bar) else bar for number, bar in enumerate(self.bars)]

    def _stops(self, bar: Bar) -> bool:
        """Whether nothing is left in a bar's second half of the time that the song keeps there."""
        late = [
            cell for cell, rate in self.usual.items() if rate >= USUAL and cell[0] in KEEPERS and cell[1] >= STEPS // 2
        ]
        return len(late) >= KEEPS_TIME and not any(cell in bar for cell in late)


def hear_drums(song: HeardSong) -> Drummed:
    """The drums of a song, ghost notes as a voice of their own."""
    placed = [one for one in place_notes(song, song.notes("drums")) if one.note.pitch in VOICES]
    snares = sorted(one.note.velocity for one in placed if VOICES[one.note.pitch] == "snare")
    ghost = GHOST_SHARE * quantile(snares, 0.9) if snares else 0.0
    bars: list[dict[Cell, float]] = [{} for _ in range(written_bars(song))]
    by_bar: dict[int, list[Placed]] = defaultdict(list)
    for one in placed:
        voice = VOICES[one.note.pitch]
        by_bar[one.bar].append(one)
        cell = GHOST if voice == "snare" and one.note.velocity < ghost else voice, one.step
        bars[one.bar][cell] = max(one.note.velocity, bars[one.bar].get(cell, 0.0))
    usual = rates_of(bars, tuple(range(len(bars))))
    fills = {}
    for number, bar in enumerate(bars):
        fill = find_fill(bar, usual, [(VOICES[one.note.pitch], one) for one in by_bar[number]], song)
        if fill is not None:
            fills[number] = fill
    return Drummed(song, tuple(bars), fills, usual)


def learn_drums(songs: Sequence[HeardSong], base: Mapping[str, object]) -> dict[str, object] | None:
    """The drums section of a style whose songs are all in one meter; None where they hold too few drums.

    What songs do not tell is taken from the section `base`.
    """
    heard = [hear_drums(song) for song in songs if song.notes("drums")]
    played = [bar for one in heard for bar in one.in_groove if bar]
    if len(played) < LEAST_BARS:
        return None
    meter = songs[0].meter
    levels = _learn_levels(heard)
    known: dict[str, object] = {
        "levels": _joined(base.get("levels"), levels),
        "grooves": _learn_grooves(heard, levels, meter),
    }
    timekeepers = _learn_timekeepers(played, levels, meter)
    if timekeepers:
        known["timekeepers"] = timekeepers
    fills = [fill for one in heard for fill in one.fills.values()]
    written = write_fills(fills)
    if written:
        known["fills"] = written
    phrases = sum(len(one.bars) // PHRASE_BARS for one in heard)
    if phrases >= PHRASE_BARS:
        known["fill_likelihood"] = round(min(1.0, len(fills) / phrases), 2)
    after = [one.bars[number + 1] for one in heard for number in one.fills if number + 1 < len(one.bars)]
    if len(after) >= FEW_STROKES:
        known["crash_likelihood"] = round(sum(("crash", 0) in bar for bar in after) / len(after), 2)
    return {**base, **known}


def _joined(base: object, levels: Mapping[str, object]) -> dict[str, object]:
    return {**(base if isinstance(base, Mapping) else {}), **levels}


def _learn_levels(heard: Sequence[Drummed]) -> dict[str, dict[str, float]]:
    """The levels of each group of voices that is struck often enough."""
    velocities: dict[str, list[float]] = defaultdict(list)
    ghosts: list[float] = []
    places: dict[tuple[int, str, int], list[float]] = defaultdict(list)
    for number, one in enumerate(heard):
        for bar in one.in_groove:
            for (voice, step), velocity in bar.items():
                if voice == GHOST:
                    ghosts.append(velocity)
                else:
                    velocities[KIT[voice].group].append(velocity)
                    places[number, voice, step].append(velocity)
        for fill in one.fills.values():
            for voice, velocity in fill.strokes:
                if KIT[voice].group in ("toms", "crash"):
                    velocities[KIT[voice].group].append(velocity)
    spreads: dict[str, list[list[float]]] = defaultdict(list)
    for (_, voice, _), own in places.items():
        spreads[KIT[voice].group].append(own)
    return {
        group: learn_levels(own, ghosts if group == "snare" else (), scatter(spreads[group]))
        for group, own in sorted(velocities.items())
        if len(own) >= FEW_STROKES
    }


def _learn_grooves(
    heard: Sequence[Drummed], levels: Mapping[str, Mapping[str, float]], meter: Meter
) -> list[dict[str, object]]:
    """What feet and left hand play, the commonest first."""
    units: dict[int, list[Bar]] = {1: [], 2: []}
    for one in heard:
        bars = [_without_time(bar) for bar in one.in_groove]
        core = [frozenset(cell for cell in bar if cell[0] in CORE) for bar in bars]
        length = unit_bars(core)
        for first in range(0, len(bars) - length + 1, length):
            if all(core[first : first + length]):
                units[length].append(
                    {
                        (voice, step + STEPS * later): velocity
                        for later in range(length)
                        for (voice, step), velocity in bars[first + later].items()
                    }
                )
    found: list[tuple[int, int, Members]] = []
    for length, own in units.items():
        cores = [frozenset(cell for cell in unit if cell[0] in CORE) for unit in own]
        found += [(length * len(members), length, members) for members in group_units(cores, MOST_GROOVES)]
    found.sort(key=lambda one: -one[0])
    found = [one for one in found if one[0] >= max(2, 0.05 * found[0][0])][:MOST_GROOVES]
    grooves = [_write_groove(units[length], members, length, levels, meter) for _, length, members in found]
    strokes = [sum(len(units[length][number]) for number in members) / size for size, length, members in found]
    whole = sum(size for size, _, _ in found)
    for place, (groove, (size, _, _)) in enumerate(zip(grooves, found, strict=True)):
        groove["name"] = f"groove {place + 1}"
        groove["weight"] = max(0.1, round(10.0 * size / whole, 1))
        if len(grooves) >= 3:
            rank = sorted(strokes).index(strokes[place]) / (len(grooves) - 1)
            if rank < 0.3:
                groove["complexity"] = [0, 0.75]
            elif rank > 0.7:
                groove["complexity"] = [0.25, 1]
    return [{key: groove[key] for key in ("name", "weight", *groove)} for groove in grooves]


def _write_groove(
    units: Sequence[Bar], members: Members, length: int, levels: Mapping[str, Mapping[str, float]], meter: Meter
) -> dict[str, object]:
    rates = rates_of(units, members)
    groove: dict[str, object] = {}

    def write(*voices: str) -> str:
        marks = _marks(units, members, voices, levels)
        return write_row(row_of(rates, *voices), length, meter, partial(_mark_of, marks))

    for voice in CORE:
        if voice == "kick" or _plays(row_of(rates, voice), length):
            groove[voice] = write(voice)
    if _plays(row_of(rates, GHOST), length):
        groove["ghosts"] = write_row(row_of(rates, GHOST), length, meter, lambda _: "g")
    layers = []
    for voice in LAYERS:
        if _plays(row_of(rates, voice), length):
            layers.append({"voice": voice, "hits": write(voice)})
    if layers:
        groove["layers"] = layers
    return groove


def _plays(row: Mapping[int, float], length: int) -> bool:
    """Whether a voice is struck often enough in so many bars to belong to their groove."""
    return fsum(row.values()) >= LAYERED * length


def _marks(
    units: Sequence[Bar], members: Members, voices: Sequence[str], levels: Mapping[str, Mapping[str, float]]
) -> dict[int, str]:
    """How each step is struck in a group of bars."""
    struck: dict[int, list[float]] = defaultdict(list)
    for number in members:
        for (voice, step), velocity in units[number].items():
            if voice in voices:
                struck[step].append(velocity)
    own = levels.get(KIT[voices[0]].group)
    return {} if own is None else {step: mark_of(sum(values) / len(values), own) for step, values in struck.items()}


def _keeper_of(bar: Bar) -> tuple[str, ...]:
    """The voices on which time is kept in a bar; none where it is not."""
    return next((voices for voices in TIMEKEEPERS if sum(voice in voices for voice, _ in bar) >= KEEPS_TIME), ())


def _without_time(bar: Bar) -> Bar:
    keeper = _keeper_of(bar)
    return {cell: velocity for cell, velocity in bar.items() if cell[0] not in keeper}


def _mark_of(marks: Mapping[int, str], step: int) -> str:
    return marks.get(step, "x")


def _learn_timekeepers(
    bars: Sequence[Bar], levels: Mapping[str, Mapping[str, float]], meter: Meter
) -> list[dict[str, object]]:
    """What the right hand plays, and the left foot with it, the commonest first."""
    by_voice: dict[tuple[str, ...], list[Bar]] = defaultdict(list)
    for bar in bars:
        keeper = _keeper_of(bar)
        if keeper:
            by_voice[keeper].append(bar)
    found = []
    for voices, own in by_voice.items():
        struck = [frozenset(("hit", step) for voice, step in bar if voice in voices) for bar in own]
        found += [(len(members), voices, own, members) for members in group_units(struck, MOST_TIMEKEEPERS)]
    found.sort(key=lambda one: -one[0])
    found = [one for one in found if one[0] >= max(2, 0.05 * found[0][0])][:MOST_TIMEKEEPERS]
    whole = sum(size for size, *_ in found)
    written = []
    for number, (size, voices, own, members) in enumerate(found):
        rates = rates_of(own, members)
        hits = row_of(rates, *voices)
        marks = _marks(own, members, voices, levels)
        timekeeper: dict[str, object] = {
            "name": f"time {number + 1}",
            "weight": max(0.1, round(10.0 * size / whole, 1)),
        }
        strokes = sum(hits.values())
        if strokes > MANY_STROKES * 1.4:
            timekeeper["density"] = [0.3, 1]
        elif strokes < FEW_STROKES * 1.4:
            timekeeper["density"] = [0, 0.6]
        opens = {step: rate / hits[step] for step, rate in row_of(rates, "open_hat").items()} if len(voices) > 1 else {}
        all_open = len(voices) > 1 and not row_of(rates, "closed_hat")
        timekeeper["voice"] = "open_hat" if all_open else voices[0]
        timekeeper["hits"] = write_row(hits, 1, meter, partial(_mark_of, marks))
        for name, row in (("opens", {} if all_open else opens), ("pedal", row_of(rates, "pedal_hat"))):
            text = write_row(row, 1, meter)
            if text.strip(" ."):
                timekeeper[name] = text
        written.append(timekeeper)
    return written
