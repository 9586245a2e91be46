"""What parts, ledgers and clocks did, as it was kept: anything at all is ordered, sent and told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from bridge.midi.beat_clock import ClockLine
from bridge.midi.clip_part import make_part, part_of_engine
from bridge.midi.following import Following
from bridge.midi.ledger import Ledger
from bridge.midi.line_fit import Observation, Tempo, fits
from bridge.midi.live_clock import LiveClock
from bridge.midi.messages import ClockSource, Follow, Part, Play, Silence, TimedMessage, Transport
from bridge.midi.midi_clock import ClockOut, MidiClock
from bridge.midi.phase_lock import PhaseLock
from bridge.midi.schedule import Schedule
from bridge.midi.strays import explain
from engines.errors import ParamError
from engines.music.clip import Clip
from engines.music.note import Note
from tests.kept import Outcome, check_kept

STEP = 1.0 / 24.0


def outcomes() -> Iterator[Outcome]:
    for number in range(60):
        yield f"parts {number}", _parts(Random(number))
        yield f"ledger {number}", _ledger(Random(number))
    for number in range(16):
        yield f"tick by tick {number}", _ticks(Random(number), 40.0 + 13.0 * number)
        yield f"live {number}", _live(Random(number), 70.0 + 9.0 * number)
        yield f"followed {number}", _followed(Random(number))
    for number in range(24):
        yield f"lock {number}", _lock(Random(number))
        yield f"strays {number}", _strays(Random(number))
    for name in ("drums", "bass", "harmony", "melody", "atmosphere", "unknown"):
        notes = [
            Note(0.37 * n % 4.0, 36 + n % 7, 0.5, 12.0 * n + 1.0, mute=n == 5, probability=0.1 * n) for n in range(10)
        ]
        yield f"part of {name}", part_of_engine(name, Clip.of(name, 4.0, notes), loops=True)
        yield f"at 9, {name}", make_part(Clip.of(name, 4.0, notes), 9, 5)


def _parts(chance: Random) -> list[object]:
    """A schedule that is played, silenced, moved and held at any time: all that it sends, by the beat."""
    schedule, now, sent = Schedule(), 0.0, list[object]()
    for _ in range(25):
        match int(chance.random() * 7):
            case 0 | 1 | 2:
                start = now + int(chance.random() * 8 - 4) / 2.0
                given = schedule.play(Play(int(chance.random() * 3), _part(chance), start), now)
            case 3:
                given = schedule.silence(Silence(int(chance.random() * 3), now + int(chance.random() * 3)), now)
            case 4:
                beat = max(0.0, now + int(chance.random() * 9 - 5))
                given, now = schedule.move(beat, beat < now), beat
            case 5:
                given = schedule.hold()
            case _:
                given = schedule.clear(now) if chance.random() < 0.2 else ()
        sent.append((now, given, schedule.take_states(), schedule.is_empty))
        until = now + chance.random() * 3.0
        while (due := schedule.next_beat()) is not None and due < until:
            sent.append((due, schedule.take()))
        now = until
    return sent


def _part(chance: Random) -> Part:
    channel = 9 if chance.random() < 0.2 else int(chance.random() * 2)
    messages, length = [], 1.0 + int(chance.random() * 4)
    for _ in range(int(chance.random() * 8)):
        start, pitch = int(chance.random() * 16) / 4.0, 60 + int(chance.random() * 3)
        messages.append(TimedMessage(start, bytes((0x90 | channel, pitch, 100))))
        messages.append(TimedMessage(start + 0.25 + chance.random(), bytes((0x80 | channel, pitch, 64))))
    others = (
        bytes((0xB0 | channel, 64, 127)),
        bytes((0xE0 | channel, 1, 80)),
        bytes((0xC0 | channel, 7)),
        bytes((0xD0 | channel, 9)),
    )
    messages += [TimedMessage(chance.random() * 4.0, data) for data in others if chance.random() < 0.3]
    return Part(tuple(messages), length, chance.random() < 0.5)


def _ledger(chance: Random) -> list[object]:
    ledger, told = Ledger(), list[object]()
    for step in range(40):
        kind = (0x80, 0x90, 0x90, 0xB0, 0xE0)[int(chance.random() * 5)]
        control = (60, 64, 66, 120, 121, 123)[int(chance.random() * 6)]
        data = bytes((kind | int(chance.random() * 2), control, (0, 64, 100)[int(chance.random() * 3)]))
        ledger.note(data)
        if chance.random() < 0.7:
            ledger.note_sent(data, step * 0.01)
        if chance.random() < 0.2:
            ledger.settle(step * 0.01)
        told.append((ledger.offs(), ledger.is_silent, ledger.has_left_over))
    ledger.settle(9.0)
    return [*told, ledger.offs(), ledger.left_over_offs()]


def _ticks(chance: Random, bpm: float) -> list[object]:
    """A MIDI clock that starts, stops, is put elsewhere and loses ticks, and what ours sends along its line."""
    clock, out, now, told = MidiClock(120.0), ClockOut(), 20.0, list[object]()
    for step in range(240):
        now += 60.0 / bpm / 24.0
        if chance.random() > 0.01:
            clock.receive(now + chance.gauss(0.0, 0.0005), b"\xf8")
        if step % 30 == 7:
            said = (b"\xfa", b"\xfb", b"\xfc", b"\xf2\x10\x01", b"\xfa", b"\xf8\xf8")[int(chance.random() * 6)]
            clock.receive(now + 0.001, said)
        if step % 12 == 0:
            line = clock.line
            told.append(
                (line.is_running, line.bpm, line.beat_at(now), line.time_of(9.0), clock.jitter, clock.is_there(now))
            )
            told.append(out.messages(line, now, now + 0.05))
    return [*told, clock.is_there(now + 30.0)]


def _live(chance: Random, bpm: float) -> list[object]:
    """Live's transport, with a loop, jumps, tempos and pauses."""
    clock, told, beat, now = LiveClock(), list[object](), 0.0, 100.0
    loop = (4.0, 8.0) if chance.random() < 0.5 else None
    for step in range(120):
        now, beat = now + 0.05, beat + 0.05 * bpm / 60.0
        if loop and beat >= loop[1]:
            beat -= loop[1] - loop[0]
        if chance.random() < 0.02:
            beat = chance.random() * 20.0
        if chance.random() < 0.02:
            bpm = 60.0 + 100.0 * chance.random()
        clock.receive(Transport(now + 0.002 * chance.random(), step % 50 < 42, beat, bpm, loop))
        if step % 6 == 0:
            line = clock.line(now)
            told.append((line.is_running, line.bpm, line.beat_at(now), line.epoch, clock.jitter, clock.is_there(now)))
            told.append(clock.after(line))
    return [*told, clock.is_there(now + 30.0)]


def _followed(chance: Random) -> list[object]:
    """Whom the beat follows while Live, Link and two cables come and go."""
    clock, now, told = Following(), 10.0, list[object]()
    for step in range(80):
        now += 0.02 + 0.1 * chance.random()
        match int(chance.random() * 7):
            case 0 if step % 5 == 0:
                sources = [source for source in ClockSource if chance.random() < 0.7]
                clock.follow(now, Follow(tuple(sources), 60.0 + 120.0 * chance.random()))
            case 1:
                clock.transport(Transport(now, chance.random() < 0.8, 2.0 * now, 120.0, None))
            case 2:
                clock.link(ClockLine(now, 3.0, 100.0, True, 1) if chance.random() < 0.7 else None)
            case 3:
                clock.port_lost(now, "one")
            case _:
                said = (b"\xf8", b"\xf8", b"\xfa", b"\xfc")[int(chance.random() * 4)]
                clock.midi(now, ("one", "two")[int(chance.random() * 2)], said)
        state, line = clock.state(now), clock.line(now)
        told.append((state, line.beat_at(now), line.is_running, line.epoch, clock.stretches(now, now + 0.05)))
    return told


def _lock(chance: Random) -> list[object]:
    lock, told, time = PhaseLock(120.0, grid=STEP), list[object](), 100.0
    bend = chance.random() * 0.002
    for step in range(200):
        time += STEP * 0.5 * (1.0 + bend * step)
        if chance.random() < 0.02:
            time += STEP
        seen = lock.observe(time + chance.gauss(0.0, 0.001), step * STEP)
        if step == 120:
            lock.set_tempo(time, 90.0 + 60.0 * chance.random())
        if step % 8 == 0:
            told.append((seen, lock.period, lock.jitter, lock.lost, lock.fit and lock.fit.deviation(step * STEP + 1.0)))
            told.append((lock.is_near(time + 0.01, step * STEP), lock.is_near(time + 1.0, step * STEP)))
    points = [
        Observation(0.5 * n * STEP + chance.gauss(0.0, 0.001) + bend * n * n * STEP, n * STEP) for n in range(300)
    ]
    return [*told, *fits(points, 0.5, 0.001, Tempo(0.5, 0.02))]


def _strays(chance: Random) -> object:
    near = [Observation(chance.gauss(0.0, 0.0003), -place * STEP) for place in range(12, 0, -1)]
    misses, miss = list[Observation](), 0.0
    for place in range(2 + int(chance.random() * 6)):
        miss += (0.5 * STEP * int(chance.random() * 2), 0.004, chance.gauss(0.0, 0.004))[int(chance.random() * 3)]
        misses.append(Observation(miss, place * STEP))
    try:
        return explain(near, misses, 0.5, 0.0005, STEP)
    except ParamError as error:
        return error


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
