"""The jam as a state machine: always ready, never late and without gaps, for any composing times and clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.jam.composing import Answer, Compose, JamPart
from musearoo.engines.improvisation.jam.deciding import Decision
from musearoo.engines.improvisation.jam.turns import AHEAD, Begin, Jam, Sound, StopPart
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from tests.each_case import each_case

Takes = Callable[[Compose], float | None]
"""Seconds that composing takes; None where it fails."""


def make_answer(order: Compose, lead: str = "melodyroo") -> Answer:
    """A drum loop and a lead, whose pitches tell for which turn and how late they were composed."""
    stage = ("ahead", "draft", "final").index(order.stage)
    beats = order.call_beats
    loop = Clip("drums", beats, (Note(0.0, 36, 0.25, 90),))
    tune = Clip("tune", beats, (Note(0.0, 60 + stage, 1.0, 90),))
    parts = (JamPart("drummaroo", loop, leads=False), JamPart(lead, tune, leads=True))
    reason = "You played." if order.has_played else "Nobody plays."
    return Answer(order.turn, order.stage, parts, Decision(lead, ("drummaroo",), reason), MusicalContext(), "echo")


@dataclass
class Room:
    """A room with a jam in it: a clock, composers who take their time, and notes of everything that was said."""

    jam: Jam
    bpm: float = 120.0
    takes: Takes = lambda _: 0.02
    make: Callable[[Compose], Answer] = make_answer
    beat: float = 0.0
    offset: float = 0.0
    """What the set's clock has jumped by."""
    orders: list[tuple[float, Compose]] = field(default_factory=list)
    said: list[tuple[float, Sound | StopPart | Begin]] = field(default_factory=list)
    waiting: list[tuple[float, Compose, bool]] = field(default_factory=list)

    def run(self, until: float, notes: tuple[float, ...] = (), tick: float = 0.05) -> None:
        """Lets the clock run to a beat (not counting its jumps) while notes are struck."""
        left = sorted(note for note in notes if note >= self.beat)
        while self.beat < until:
            while left and left[0] <= self.beat:
                self.jam.hear(left.pop(0) + self.offset)
            self._take(self.jam.tick(self.beat + self.offset, self.bpm))
            for item in [item for item in self.waiting if item[0] <= self.beat]:
                self.waiting.remove(item)
                done, order, has_failed = item
                if has_failed:
                    self.jam.failed(order)
                else:
                    self._take(self.jam.composed(self.make(order), done + self.offset))
            self.beat += tick * self.bpm / 60.0

    def _take(self, actions: tuple[object, ...]) -> None:
        for action in actions:
            if isinstance(action, Compose):
                self.orders.append((self.beat, action))
                seconds = self.takes(action)
                done = self.beat + (0.01 if seconds is None else seconds) * self.bpm / 60.0
                self.waiting.append((done, action, seconds is None))
            else:
                assert isinstance(action, Sound | StopPart | Begin)
                self.said.append((self.beat, action))

    @property
    def sounds(self) -> list[Sound]:
        return [action for _, action in self.said if isinstance(action, Sound)]

    def sounds_of(self, engine: str) -> list[Sound]:
        return [sound for sound in self.sounds if sound.engine == engine]


def beats(start: float, end: float) -> tuple[float, ...]:
    """A note on every beat from start to before the end."""
    return tuple(start + beat for beat in range(round(end - start)))


def test_the_answer_knows_all_but_the_last_moments_and_is_sent_a_beat_before() -> None:
    room = Room(Jam(2, Meter(), 4.0))
    room.run(20.0, beats(4.0, 12.0))
    assert [(order.turn, order.stage, order.has_played) for _, order in room.orders] == [
        (1, "ahead", False), (1, "draft", True), (1, "final", True), (3, "ahead", True),
    ]  # fmt: skip
    draft, final = room.orders[1][1], room.orders[2][1]
    assert (draft.call_start, draft.call_end) == (4.0, 12.0)
    assert draft.known_beats == pytest.approx(4.0, abs=0.15)
    assert 5.5 < final.known_beats < 7.0
    said_at, sound = next((at, action) for at, action in room.said if isinstance(action, Sound))
    assert 11.0 >= said_at > 9.5
    assert sound.start == 12.0
    assert [(each.engine, each.clip.notes[0].pitch, each.loops) for each in room.sounds[:2]] == [
        ("drummaroo", 36, True), ("melodyroo", 62, False),
    ]  # fmt: skip


@each_case("bars", [1, 2, 3, 4, 8, 16])
@each_case("meter", [Meter(4, 4), Meter(3, 4), Meter(7, 8), Meter(6, 8)])
def test_nothing_is_ever_late_however_long_composing_takes(bars: int, meter: Meter) -> None:
    chance = Random(bars)
    for bpm in (60.0, 113.0, 180.0):
        jam = Jam(bars, meter, meter.bar_beats, bpm)
        room = Room(jam, bpm, takes=lambda _: chance.choice((0.01, 0.2, 0.9, 3.0, None)))
        length = bars * meter.bar_beats
        end = meter.bar_beats + 8 * length
        room.run(end, beats(meter.bar_beats, end))
        first = min((sound.start for sound in room.sounds), default=end)
        for said_at, action in room.said:
            if isinstance(action, Sound) and action.start > first:
                assert action.start - said_at >= AHEAD
                assert (action.start - meter.bar_beats) % (2 * length) == pytest.approx(length)
        # Once the band has come in, it comes in every time.
        starts = {sound.start for sound in room.sounds_of("melodyroo")}
        missing = [turn for turn in range(1, 8, 2) if first <= meter.bar_beats + turn * length < end - 1.0]
        assert starts >= {meter.bar_beats + turn * length for turn in missing}


def test_with_quick_composers_every_answer_is_the_final_one() -> None:
    room = Room(Jam(1, Meter(), 4.0, 180.0), 180.0)
    room.run(68.0, beats(4.0, 68.0))
    assert [sound.clip.notes[0].pitch for sound in room.sounds_of("melodyroo")] == [62] * 8


def test_the_backing_goes_round_without_a_gap_and_the_lead_leaves_the_player_their_turn() -> None:
    room = Room(Jam(2, Meter(), 4.0))
    room.run(68.0, tuple(beat for turn in range(0, 8, 2) for beat in beats(4.0 + 8 * turn, 12.0 + 8 * turn)))
    assert all(sound.loops for sound in room.sounds_of("drummaroo"))
    assert not any(sound.loops for sound in room.sounds_of("melodyroo"))
    assert not any(isinstance(action, StopPart) for _, action in room.said)


def test_without_a_player_the_band_continues_and_the_lead_stops_when_the_player_resumes() -> None:
    room = Room(Jam(1, Meter(), 4.0))
    room.run(29.5)
    assert [order.has_played for _, order in room.orders] == [False] * 4
    assert [sound.start for sound in room.sounds_of("melodyroo")] == [8.0, 16.0, 24.0]
    assert all(sound.loops for sound in room.sounds)
    assert room.orders[-1][1].previous is not None
    room.run(36.0, (29.6, 30.1))
    hushes = [action for _, action in room.said if isinstance(action, StopPart)]
    assert hushes == [StopPart("melodyroo", 30.0)]
    assert room.sounds_of("melodyroo")[-1].start == 32.0
    assert room.sounds_of("melodyroo")[-1].clip.notes[0].pitch > 60  # it has heard them
    assert not room.sounds_of("melodyroo")[-1].loops


def test_a_player_who_plays_into_the_bands_turn_is_answered_too() -> None:
    room = Room(Jam(1, Meter(), 4.0))
    room.run(24.0, (9.0, 10.0, 11.0))
    answered = [order for _, order in room.orders if order.turn == 3 and order.stage != "ahead"]
    assert answered
    assert all((order.call_start, order.call_end, order.known_beats) == (8.0, 12.0, 4.0) for order in answered)


def test_silence_at_the_end_of_the_call_counts() -> None:
    room = Room(Jam(4, Meter(), 4.0))
    room.run(24.0, beats(4.0, 8.0))
    final = [order for _, order in room.orders if order.stage == "final"]
    assert len(final) == 1
    assert final[0].known_beats > 13.0


def test_another_lead_ends_the_one_before() -> None:
    leads = iter(["melodyroo"] * 2 + ["harmonyroo"] * 20)
    room = Room(Jam(1, Meter(), 4.0), make=lambda order: make_answer(order, next(leads)))
    room.run(30.0)
    hushes = [action for _, action in room.said if isinstance(action, StopPart)]
    assert len(hushes) == 1
    assert hushes[0].engine == "melodyroo"
    assert hushes[0].beat == room.sounds_of("harmonyroo")[0].start


def test_when_the_set_loops_the_jam_goes_along() -> None:
    notes = tuple(beat for turn in range(0, 12, 2) for beat in beats(4.0 + 4 * turn, 8.0 + 4 * turn))
    straight = Room(Jam(1, Meter(), 4.0))
    straight.run(44.0, notes)
    looped = Room(Jam(1, Meter(), 4.0))
    looped.run(19.96, notes)
    looped.offset = -16.0  # the loop's end is its beginning
    looped.run(44.0, notes)
    again = [action for at, action in looped.said if 19.9 < at < 20.1 and isinstance(action, Sound)]
    assert {sound.engine for sound in again} == {"drummaroo", "melodyroo"}
    assert all(sound.start == 0.0 for sound in again)
    for engine in ("drummaroo", "melodyroo"):
        expected = [sound.start for sound in straight.sounds_of(engine)]
        starts = [sound.start + 16.0 * (at > 19.9) for at, sound in looped.said if sound in looped.sounds_of(engine)]
        assert sorted(set(starts)) == expected
    turns = [action.turn.number for _, action in looped.said if isinstance(action, Begin)]
    assert turns == [action.turn.number for _, action in straight.said if isinstance(action, Begin)]


def test_a_clock_that_steps_back_by_a_hair_changes_nothing() -> None:
    steady, trembling = Room(Jam(1, Meter(), 4.0)), Room(Jam(1, Meter(), 4.0))
    steady.run(24.0, beats(4.0, 24.0))
    chance = Random(3)
    while trembling.beat < 24.0:
        trembling.offset = -0.02 * chance.random()
        trembling.run(trembling.beat + 0.2, beats(4.0, 24.0))
    assert {sound.start for sound in trembling.sounds} == {sound.start for sound in steady.sounds}


def test_stopping_silences_sounding_and_scheduled_parts() -> None:
    room = Room(Jam(1, Meter(), 4.0))
    room.run(7.2, beats(4.0, 8.0))
    assert room.sounds
    assert {action.engine for action in room.jam.stop(7.3) if isinstance(action, StopPart)} == {
        "drummaroo",
        "melodyroo",
    }
    assert room.jam.stop(7.4) == ()


def test_what_a_display_shows() -> None:
    room = Room(Jam(1, Meter(), 4.0))
    assert room.jam.state.turn is None
    room.run(5.0, beats(4.0, 24.0))
    state = room.jam.state
    assert state.turn is not None
    assert (state.turn.number, state.turn.is_players, state.who, state.stands_by) == (0, True, (), "ahead")
    room.run(10.0, beats(5.0, 24.0))
    state = room.jam.state
    assert state.turn is not None
    assert (state.turn.number, state.turn.is_players, state.who) == (1, False, ("drummaroo", "melodyroo"))
    assert state.reason == "You played."
    begun = [action for _, action in room.said if isinstance(action, Begin)]
    assert [(each.turn.number, each.reason) for each in begun] == [(0, "Your turn."), (1, "You played.")]


def test_an_answer_for_another_turn_is_dropped() -> None:
    room = Room(Jam(1, Meter(), 4.0))
    room.run(6.0, beats(4.0, 8.0))
    late = make_answer(replace(room.orders[0][1], turn=-1))
    assert room.jam.composed(late, 6.1) == ()


def test_bars_and_tempo_have_bounds() -> None:
    for bars in (0, 17, True, 2.5):
        with pytest.raises(ParamError, match="bars must be a whole number from 1 to 16"):
            Jam(bars, Meter(), 0.0)  # type: ignore[arg-type]
    with pytest.raises(ParamError, match="bpm must be 20 to 999 BPM"):
        Jam(1, Meter(), 0.0, bpm=5.0)


def test_the_jam_continues_whatever_the_clock_and_the_player_do() -> None:
    chance = Random(9)
    for _ in range(12):
        bars, meter = 1 + int(8 * chance.random()), chance.choice((Meter(4, 4), Meter(7, 8), Meter(1, 4), Meter(12, 8)))
        bpm = 40.0 + 210.0 * chance.random()
        room = Room(Jam(bars, meter, 4.0, bpm), bpm, takes=lambda _: chance.choice((0.01, 0.3, 2.0, None)))
        for _ in range(30):
            step = 0.1 + 6.0 * chance.random()
            struck = tuple(room.beat + step * chance.random() for _ in range(chance.choice((0, 0, 3, 10))))
            room.run(room.beat + step, struck)
            room.offset += chance.choice((0.0, 0.0, 0.0, -20.0 * chance.random(), 40.0 * chance.random()))
        room.run(room.beat + 6.0 * bars * meter.bar_beats + 8.0)
        turn = room.jam.turn
        assert turn is not None
        assert turn.start <= room.beat + room.offset <= turn.end + 0.3
        assert room.sounds


def test_nothing_is_requested_while_composers_are_busy_except_after_a_lost_request() -> None:
    slow = Room(Jam(1, Meter(), 4.0), takes=lambda _: 7.0)
    slow.run(200.0, beats(4.0, 200.0))
    for (asked, _), (later, _) in pairwise(slow.orders):
        assert later - asked >= 14.0
    lost = Room(Jam(1, Meter(), 4.0), takes=lambda _: 1e9)
    lost.run(200.0, beats(4.0, 200.0))
    assert 4 <= len(lost.orders) <= 5
