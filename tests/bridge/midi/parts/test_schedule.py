"""Parts along a beat."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from musearoo.bridge.midi.parts.schedule import MOST_PARTS, Schedule
from musearoo.bridge.midi.parts.sounding import Ledger
from musearoo.bridge.protocol.midi_process import Part, PartState, Play, Silence, TimedMessage
from musearoo.engines.errors import ParamError
from tests.each_case import each_case


def on(pitch: int, channel: int = 0) -> bytes:
    return bytes((0x90 | channel, pitch, 100))


def off(pitch: int, channel: int = 0) -> bytes:
    return bytes((0x80 | channel, pitch, 64))


def part(*notes: tuple[float, float, int], length: float = 4.0, loops: bool = False, channel: int = 0) -> Part:
    """Notes as (start, end, pitch)."""
    messages = [TimedMessage(start, on(pitch, channel)) for start, _, pitch in notes]
    messages += [TimedMessage(end, off(pitch, channel)) for _, end, pitch in notes]
    return Part(tuple(messages), length, loops)


class Player:
    """Sends as the sender does, by beats, and keeps what was sent."""

    def __init__(self) -> None:
        self.schedule = Schedule()
        self.sent: list[tuple[float, bytes]] = []
        self.ledger = Ledger()

    def take(self, beat: float, messages: Iterable[bytes]) -> None:
        for message in messages:
            self.sent.append((round(beat, 6), message))
            self.ledger.note(message)
            self.ledger.note_sent(message, 0.0)

    def run(self, until: float) -> None:
        while (beat := self.schedule.next_beat()) is not None and beat < until:
            self.take(beat, self.schedule.pop_due())

    def play(self, number: int, part: Part, start: float, now: float = 0.0) -> None:
        self.take(now, self.schedule.play(Play(number, part, start), now))

    def move(self, beat: float, went_back: bool) -> None:
        self.take(beat, self.schedule.move(beat, went_back))

    @property
    def sounding(self) -> list[int]:
        self.ledger.settle(1.0)
        return sorted(message[1] for message in self.ledger.offs() if message[0] < 0x90)


def test_a_part_sounds_from_its_start_and_ends() -> None:
    player = Player()
    player.play(1, part((0.0, 1.0, 60), (1.0, 4.0, 62)), 8.0, now=3.0)
    player.run(100.0)
    assert player.sent == [(8.0, on(60)), (9.0, off(60)), (9.0, on(62)), (12.0, off(62))]
    assert player.schedule.pop_states() == (PartState(1, 8.0, True), PartState(1, 12.0, False))
    assert player.schedule.is_empty


def test_a_looped_part_goes_round_and_a_note_left_open_ends_with_it() -> None:
    player = Player()
    player.play(1, Part((TimedMessage(0.0, on(60)),), 2.0, loops=True), 4.0)
    player.run(8.5)
    assert player.sent == [(4.0, on(60)), (6.0, off(60)), (6.0, on(60)), (8.0, off(60)), (8.0, on(60))]
    assert [state.beat for state in player.schedule.pop_states()] == [4.0, 6.0, 8.0]


def test_another_part_of_the_number_comes_in_its_place_without_a_gap() -> None:
    player = Player()
    player.play(1, part((0.0, 4.0, 60), loops=True), 0.0)
    player.run(1.0)
    player.play(1, part((0.0, 1.0, 70), loops=True), 6.0, now=1.0)
    player.play(1, part((0.0, 1.0, 72), loops=True), 6.0, now=1.5)
    player.run(7.5)
    assert player.sent == [
        (0.0, on(60)),
        (4.0, off(60)),
        (4.0, on(60)),
        (6.0, off(60)),
        (6.0, on(72)),
        (7.0, off(72)),
    ], "the later of two that wait is meant"


@each_case("tenths", range(1, 40, 3))
def test_a_swap_where_beats_do_not_add_up_exactly_strikes_nothing_twice(tenths: int) -> None:
    length = tenths / 10.0
    player = Player()
    player.play(1, part((0.0, length / 2, 60), length=length, loops=True), 0.1)
    player.run(0.1 + 7.9 * length)
    player.play(1, part((0.0, 1.0, 70)), 0.1 + 9 * length, now=0.1 + 7.9 * length)
    player.run(0.1 + 8.9 * length)
    before = len(player.sent)
    player.run(0.1 + 9.1 * length)
    assert [message for _, message in player.sent[before:] if message in (on(60), on(70))] == [on(70)]


def test_who_comes_late_joins_at_his_place_with_what_should_sound() -> None:
    programme, volume = bytes((0xC0, 5)), bytes((0xB0, 7, 90))
    messages = (
        TimedMessage(0.0, programme),
        TimedMessage(0.0, bytes((0xB0, 7, 20))),
        TimedMessage(1.0, volume),
        *part((0.0, 3.9, 40), (2.0, 2.6, 60), (2.5, 3.0, 62), (1.0, 1.5, 64)).messages,
    )
    player = Player()
    player.play(1, Part(messages, 4.0, loops=True), 0.0, now=10.52)
    assert [message for _, message in player.sent] == [programme, volume, on(40)]
    player.run(12.0)
    # A note that began a hair ago is struck, one that has nearly gone is not.
    assert (10.5, on(62)) in player.sent
    assert on(60) not in [message for _, message in player.sent]


def test_drums_are_never_struck_late() -> None:
    player = Player()
    player.play(1, part((0.0, 4.0, 36), channel=9, loops=True), 0.0, now=1.0)
    assert player.sent == []


def test_silence_ends_now_or_at_its_beat() -> None:
    player = Player()
    player.play(1, part((0.0, 4.0, 60), loops=True), 0.0)
    player.run(1.0)
    player.take(1.0, player.schedule.silence(Silence(1, 6.0), 1.0))
    player.play(2, part((0.0, 4.0, 70), loops=True), 8.0, now=1.0)
    player.run(7.0)
    assert player.sent[-1] == (6.0, off(60))
    player.take(7.0, player.schedule.silence(Silence(2), 7.0))
    assert player.schedule.is_empty
    assert player.schedule.next_beat() is None


def test_a_part_that_begins_after_a_silence_is_not_ended_by_it() -> None:
    player = Player()
    player.play(1, part((0.0, 4.0, 60), loops=True), 0.0)
    player.run(1.0)
    player.take(1.0, player.schedule.silence(Silence(1, 4.0), 1.0))
    player.play(1, part((0.0, 1.0, 70)), 8.0, now=1.0)
    player.run(10.0)
    assert player.sent[1:] == [(4.0, off(60)), (8.0, on(70)), (9.0, off(70))]


def test_a_note_of_two_parts_ends_with_the_last_of_them() -> None:
    player = Player()
    player.play(1, part((0.0, 2.0, 60)), 0.0)
    player.play(2, part((1.0, 3.0, 60)), 0.0)
    player.run(5.0)
    assert player.sent == [(0.0, on(60)), (1.0, off(60)), (1.0, on(60)), (3.0, off(60))]


def test_pedals_and_bends_are_taken_back() -> None:
    pedal, bend = bytes((0xB2, 64, 127)), bytes((0xE2, 0, 100))
    player = Player()
    player.play(1, Part((TimedMessage(0.0, pedal), TimedMessage(0.0, bend)), 2.0), 0.0)
    player.run(3.0)
    assert player.sent[2:] == [(2.0, bytes((0xB2, 64, 0))), (2.0, bytes((0xE2, 0, 64)))]


def test_what_was_taken_back_by_the_part_itself_is_not_taken_back_again() -> None:
    down, up = bytes((0xB2, 64, 127)), bytes((0xB2, 64, 0))
    bend, centre = bytes((0xE2, 0, 100)), bytes((0xE2, 0, 64))
    player = Player()
    messages = [TimedMessage(beat, data) for beat, data in ((0.0, down), (0.0, bend), (1.0, up), (1.0, centre))]
    player.play(1, Part(tuple(messages), 2.0), 0.0)
    player.run(3.0)
    assert [message for _, message in player.sent] == [down, bend, up, centre]


def test_when_the_clock_stands_nothing_sounds_and_it_goes_on_from_there() -> None:
    player = Player()
    player.play(1, part((0.0, 4.0, 60), loops=True), 0.0)
    player.run(1.0)
    player.take(1.0, player.schedule.hold())
    assert player.sounding == []
    player.move(1.0, went_back=False)
    assert player.sounding == [60]


@each_case(
    "start, loops, beat, sounding, next_beat",
    [
        (0.0, True, 9.0, [60], 9.5),
        (8.0, True, 1.0, [60], 1.5),
        (8.0, False, 9.0, [60], 9.5),
        (8.0, False, 1.0, [], 8.0),
        (8.0, False, 30.0, [], None),
    ],
)
def test_a_jump_of_the_clock_goes_on_at_the_new_place(
    start: float, loops: bool, beat: float, sounding: list[int], next_beat: float | None
) -> None:
    player = Player()
    player.play(1, part((0.0, 1.5, 60), (2.0, 4.0, 62), loops=loops), start)
    player.run(start + 3.0)
    assert player.sounding == [62]
    player.move(beat, went_back=beat < start + 3.0)
    assert (player.sounding, player.schedule.next_beat()) == (sounding, next_beat)


def test_a_part_that_a_loop_of_the_set_would_never_reach_begins_with_the_loop() -> None:
    player = Player()
    player.play(1, part((0.0, 2.0, 60), length=4.0, loops=True), 8.0, now=7.0)
    player.play(2, part((0.0, 2.0, 70), length=4.0), 8.0, now=7.0)
    player.move(0.0, went_back=True)
    player.run(0.5)
    assert player.sounding == [60]
    player.run(8.5)
    assert player.sounding == [60, 70]


def test_a_part_that_cannot_be_played_is_refused() -> None:
    schedule = Schedule()
    with pytest.raises(ParamError, match="length"):
        schedule.play(Play(1, Part((), 0.0, loops=True), 0.0), 0.0)
    for number in range(MOST_PARTS):
        schedule.play(Play(number, part(), 0.0), 0.0)
    schedule.play(Play(0, part(), 4.0), 0.0)
    with pytest.raises(ParamError, match="part number"):
        schedule.play(Play(MOST_PARTS, part(), 0.0), 0.0)


def test_messages_outside_a_part_do_not_sound() -> None:
    player = Player()
    player.play(1, part((-1.0, 1.0, 60), (4.0, 5.0, 61), (3.0, 9.0, 62), length=4.0), 0.0)
    player.run(20.0)
    assert player.sent == [(3.0, on(62)), (4.0, off(62))]


@each_case("seed", range(40))
def test_whatever_is_ordered_no_note_hangs_and_none_is_struck_twice(seed: int) -> None:
    chance = Random(seed)
    player, beat = Player(), 0.0
    for _ in range(120):
        number = chance.randrange(4)
        match chance.randrange(6):
            case 0 | 1:
                notes = []
                for _ in range(chance.randrange(12)):
                    start = chance.uniform(0.0, 4.0)
                    notes.append((start, start + chance.uniform(0.01, 3.0), chance.randrange(60, 70)))
                length = chance.choice((1.0, 2.0, 4.0))
                player.play(
                    number, part(*notes, length=length, loops=chance.random() < 0.7), beat + chance.uniform(-4, 4), beat
                )
            case 2:
                at = None if chance.random() < 0.5 else beat + chance.uniform(-1, 6)
                player.take(beat, player.schedule.silence(Silence(number, at), beat))
            case 3:
                target = max(0.0, beat + chance.uniform(-8, 8))
                player.move(target, went_back=target < beat)
                beat = target
            case _:
                beat += chance.uniform(0.0, 3.0)
                player.run(beat)
    player.take(beat, player.schedule.hold())
    assert player.sounding == []
    player.take(beat, player.schedule.clear(beat))
    assert player.schedule.is_empty
    sounding: set[bytes] = set()
    for _, message in player.sent:
        note = message[1:2]
        if message[0] == 0x90:
            assert note not in sounding
            sounding.add(note)
        else:
            sounding.discard(note)
