"""Clocks and parts as they may come, drawn from a seed: with jitter, lost ticks, turns, jumps, loops and mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from musearoo.bridge.midi.clock.beat_clock import ClockLine
from musearoo.bridge.midi.clock.following import Following
from musearoo.bridge.midi.clock.line_fit import Observation, Tempo, best_fit, fits
from musearoo.bridge.midi.clock.live import LiveClock
from musearoo.bridge.midi.clock.midi import CONTINUE, SONG_POSITION, START, STOP, TICK, ClockOut, MidiClock
from musearoo.bridge.midi.clock.phase_lock import PhaseLock
from musearoo.bridge.midi.clock.strays import explain
from musearoo.bridge.midi.parts.clip import make_part, part_of_engine
from musearoo.bridge.midi.parts.schedule import Schedule
from musearoo.bridge.midi.parts.sounding import SIZE, Ledger
from musearoo.bridge.protocol.midi_process import ClockSource, Follow, Part, Play, Silence, TimedMessage, Transport
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note

STEP = 1.0 / 24.0


def some_part(chance: Random) -> Part:
    """Notes that overlap or never end, pedals, bends, programmes, and messages outside the part."""
    messages = []
    channel = chance.choice((0, 0, 3, 9))
    for _ in range(chance.randrange(14)):
        beat = chance.choice((0.0, 0.5, 1.0, 2.0, 3.96, 4.0, -0.5, 5.0))
        pitch = chance.randrange(60, 64)
        kinds = (
            *((0x90, pitch, 100), (0x90, pitch, 90), (0x90, pitch, 80), (0x80, pitch, 64), (0x90, pitch, 0)),
            *((0xB0, chance.choice((64, 66, 69, 7, 120, 119)), chance.choice((0, 127))), (0xC0, 5), (0xD0, 70)),
            *((0xE0, 0, chance.choice((64, 100))), (0xA0, pitch, 5)),
        )
        kind, *rest = chance.choice(kinds)
        messages.append(TimedMessage(beat, bytes((kind | channel, *rest))))
    return Part(tuple(messages), chance.choice((4.0, 4.0, 1.0, 3.0)), chance.random() < 0.6)


def schedule_over_time(seed: int) -> Iterator[object]:
    """What a schedule sends and tells while parts are ordered, silenced, moved and held."""
    chance, schedule, beat = Random(seed), Schedule(), 0.0
    for _ in range(40):
        number = chance.randrange(3)
        match chance.randrange(8):
            case 0 | 1 | 2:
                start = beat + chance.choice((0.0, 0.5, 1.0, -0.03, -0.06, -1.0, -3.0, -5.0, 4.0))
                yield schedule.play(Play(number, some_part(chance), start), beat)
            case 3:
                at = chance.choice((None, beat, beat + 1.0, beat + 4.0, beat - 1.0))
                yield schedule.silence(Silence(number, at), beat)
            case 4:
                to = max(0.0, beat + chance.choice((-8.0, -2.0, -0.5, 0.5, 3.0)))
                yield schedule.move(to, to < beat)
                beat = to
            case 5:
                yield schedule.hold() if chance.random() < 0.7 else schedule.clear(beat)
            case _:
                until = beat + chance.choice((0.5, 1.0, 2.0))
                while (due := schedule.next_beat()) is not None and due < until:
                    yield due, schedule.pop_due()
                beat = until
        yield schedule.pop_states(), schedule.next_beat(), schedule.is_empty


def ledger_over_time(seed: int) -> Iterator[object]:
    """What a ledger says after each of many messages, and of what another left."""
    chance = Random(seed)
    cells = bytearray(SIZE)
    ledger, time = Ledger(cells), 0.0
    for _ in range(60):
        kind = chance.choice((0x80, 0x90, 0x90, 0xB0, 0xB0, 0xE0, 0xC0))
        controls = (64, 66, 69, 7, 65, 120, 121, 122, 123, 127, 119)
        first = chance.choice(controls) if kind == 0xB0 else chance.choice((0, 60, 61, 127))
        data = bytes((kind | chance.choice((0, 1, 15)), first, chance.choice((0, 64, 127, 1))))
        data = data[:2] if kind == 0xC0 else data
        time += chance.choice((0.0, 0.1, 0.5, 0.6))
        if chance.random() < 0.8:
            ledger.note(data)
        ledger.note_sent(data, time)
        if chance.random() < 0.3:
            ledger.settle(time + chance.choice((0.0, 0.5, 0.49)))
        match chance.randrange(12):
            case 0:
                ledger = Ledger(cells)
            case 1:
                ledger.take_over(bytes(chance.choice((0, 0, 0, 1)) for _ in range(SIZE)))
            case 2:
                ledger.forget_left_over()
        yield ledger.offs(), ledger.left_over_offs(), ledger.has_left_over, ledger.is_silent


def _ticks(chance: Random, count: int) -> Iterator[tuple[float, float]]:
    """Ticks of a clock that turns, ramps, loses ticks or is held up, with times from 0 on."""
    bpm, time, beat = chance.choice((60.0, 120.0, 133.7)), 0.0, 0.0
    jitter = chance.choice((0.0, 0.0005, 0.002, 0.004))
    other, turn, ramp = chance.choice((bpm, bpm, bpm * 1.2, bpm / 2.0)), count // 2, chance.random() < 0.3
    lost = {chance.randrange(20, count) for _ in range(chance.choice((0, 0, 1, 3, 8)))}
    late = chance.choice((0, 0, 4)), chance.randrange(20, count)
    counted = 0
    for number in range(count):
        if number not in lost:
            held = 0.03 if late[1] <= number < late[1] + late[0] else 0.0
            yield time + chance.uniform(-jitter, jitter) + held, counted * STEP
            counted += 1
        beat += STEP
        part = max(0.0, min(1.0, (number - turn) / 60.0)) if ramp else float(number >= turn)
        time += STEP * 60.0 / (bpm + part * (other - bpm))


def lines(seed: int) -> list[object]:
    """The fits to observations, as far as they lie from the newest one."""
    chance = Random(seed)
    count = chance.choice((1, 2, 7, 8, 9, 20, 64, 70, 130, 300))
    bend = chance.choice((0.0, 0.0, 0.01, 0.05))
    beats = [(number + 1 - count) * STEP for number in range(count)]
    points = [Observation(0.5 * beat + bend * beat * beat + chance.uniform(-0.002, 0.002), beat) for beat in beats]
    period, tempo = chance.choice((0.5, 0.51)), Tempo(0.5, chance.choice((0.001, 0.5)))
    found = [*fits(points, period, 0.001, tempo), best_fit(points, period, 0.001, tempo)]
    return [(fit, fit.deviation(1.0), fit.time_of(2.0), fit.beat_at(1.0)) for fit in found]


def lock_over_time(seed: int) -> Iterator[object]:
    """What a lock makes of each tick, and where it thinks it is."""
    chance = Random(seed)
    lock = PhaseLock(chance.choice((120.0, 100.0)), chance.choice((STEP, STEP, 0.0)), chance.choice((1.0, 1.0, 0.0005)))
    for number, (time, beat) in enumerate(_ticks(chance, 220)):
        if number in (70, 150) and chance.random() < 0.4:
            lock.set_tempo(time, chance.choice((120.0, 126.0)))
        if number == 180 and chance.random() < 0.3:
            lock.restart(time, beat, chance.choice((None, 110.0)), sure=chance.random() < 0.5)
        near = lock.is_near(time, beat), lock.is_near(time + 0.005, beat)
        seen = lock.observe(time, beat)
        if lock.fit is not None and (number % 10 == 0 or seen.value != "followed"):
            yield number, near, seen, lock.fit.time - time, lock.period, lock.lost, lock.jitter, lock.fit.is_bent


def meanings(seed: int) -> list[object]:
    """What strays are taken for."""
    chance, found = Random(seed), list[object]()
    for _ in range(40):
        jitter = chance.choice((0.0005, 0.002))
        period, grid = chance.choice((0.5, 0.4)), chance.choice((STEP, STEP, 0.0))
        near = [
            Observation(chance.uniform(-jitter, jitter), -number * STEP)
            for number in range(chance.choice((0, 1, 3, 12)), 0, -1)
        ]
        slope = chance.choice((0.0, 0.0, 0.05, 0.2, -0.2, -0.35, 0.9))
        shift = chance.choice((0.0, 1.0, 2.0, -1.0, 0.4)) * period * STEP
        more = chance.choice((0, 0, 1))
        strays = [
            Observation(
                (number + 1) * STEP * slope
                + shift * (1 + more * (number > 2))
                + chance.uniform(-jitter, jitter)
                + 0.03 * (chance.random() < 0.05),
                number * STEP,
            )
            for number in range(chance.choice((3, 4, 6, 8, 23, 24, 25)))
        ]
        found.append(explain(near, strays, period, jitter, grid))
    return found


def midi_clock_over_time(seed: int) -> Iterator[object]:
    """The lines of a clock that is sent ticks, starts, stops and places."""
    chance, clock, offset = Random(seed), MidiClock(100.0), 0.0
    for number, (time, _) in enumerate(_ticks(chance, 200)):
        if chance.random() < 0.01:
            offset += chance.choice((0.01, 0.9, 1.1, 3.0))
        now = time + offset
        if chance.random() < 0.06:
            said = chance.choice((
                *(bytes((START,)), bytes((STOP,)), bytes((CONTINUE,)), bytes((SONG_POSITION, 5, chance.randrange(3)))),
                *(b"\x90\x40\x40", b"\xfe", b"", bytes((SONG_POSITION, 1))),
            ))  # fmt: skip
            yield clock.receive(now, said), clock.line
        clock.receive(now, bytes((TICK,)))
        if number % 12 == 0:
            yield clock.line.beat_at(now), clock.line.bpm, clock.line.epoch, clock.jitter, clock.is_there(now + 0.99)
            yield clock.is_there(now + 1.01)


def clock_out_over_time(seed: int) -> Iterator[object]:
    """What goes out for lines that run, stand, jump and are corrected."""
    chance, out, now = Random(seed), ClockOut(), 0.0
    line = ClockLine(0.0, 0.0, 120.0, False, 0)
    for _ in range(40):
        match chance.randrange(8):
            case 0:
                beat = chance.choice((0.0, 0.25, 3.1, 8.0, 5000.1, -1.0))
                line = ClockLine(now, beat, chance.choice((120.0, 97.0)), chance.random() < 0.75, line.epoch + 1)
            case 1:
                shift = chance.choice((0.002, -0.002))
                line = ClockLine(line.time + shift, line.beat, line.bpm, line.is_running, line.epoch)
        end = now + chance.choice((0.007, 0.05, 0.1))
        yield out.messages(line, now, end)
        now = end


def _transports(chance: Random) -> Iterator[Transport]:
    """What Live tells, twenty times a second, while its song plays, stands, jumps, loops, turns and ramps."""
    time, beat, bpm, plays = 100.0, 0.0, 120.0, True
    loop: tuple[float, float] | None = None
    for _ in range(120):
        match chance.randrange(40):
            case 0:
                beat = chance.choice((0.0, 16.0, 2.0))
            case 1:
                plays = not plays
            case 2:
                loop = chance.choice((None, (0.0, 4.0), (2.0, 3.0), (3.0, 3.0), (beat, beat + 1.0)))
            case 3:
                bpm = chance.choice((120.0, 126.0, 60.0))
            case 4 | 5 | 6:
                bpm += 0.5
        step = chance.choice((0.05, 0.05, 0.05, 0.1))
        time += step
        if plays:
            beat += step * bpm / 60.0
            if loop is not None and loop[0] < loop[1] and beat >= loop[1] > beat - step * bpm / 60.0:
                beat -= loop[1] - loop[0]
        yield Transport(time, plays, round(beat - chance.choice((0.0, 0.0, 0.01, 0.02)), 6), bpm, loop)


def live_clock_over_time(seed: int) -> Iterator[object]:
    """The lines of a clock that follows Live."""
    chance, clock = Random(seed), LiveClock(100.0)
    for number, told in enumerate(_transports(chance)):
        clock.receive(told)
        line = clock.line(told.time + 0.01)
        if number % 3 == 0:
            turn = clock.after(line)
            yield line.beat_at(told.time), line.bpm, line.is_running, line.epoch, clock.jitter
            yield None if turn is None else (turn[0] - told.time, turn[1].beat, turn[1].epoch)
    yield clock.is_there(told.time + 5.0), clock.is_there(told.time + 5.1)


def following_over_time(seed: int) -> Iterator[object]:
    """Whom a clock follows and where it is, while sources come and go."""
    chance, clock = Random(seed), Following(100.0)
    transports, own = _transports(chance), 100.0
    ports = {"keys": 0.0, "pad": 0.0}
    for number in range(200):
        time = 100.0 + number * 0.05
        live = next(transports, None)
        if live is not None and 20 <= number < 90:
            clock.transport(Transport(time, live.is_playing, live.beat, live.bpm, live.loop))
        match chance.randrange(25):
            case 0:
                own = chance.choice((100.0, 110.0))
                sources = tuple(chance.sample(list(ClockSource), chance.randint(1, 4)))
                clock.follow(time, Follow(sources, own))
            case 1:
                runs = chance.random() < 0.7
                clock.link(chance.choice((None, ClockLine(time, 4.0, 90.0, runs, chance.randrange(3)))))
            case 2:
                clock.port_lost(time, "keys")
        for port in ports:
            if (number // 40) % 2 == (port == "pad"):
                if chance.random() < 0.05:
                    clock.midi(time, port, bytes((chance.choice((START, STOP, CONTINUE, 0x90)),)))
                clock.midi(time, port, bytes((TICK,)))
                clock.midi(time + 0.025, port, bytes((TICK,)))
        if number % 4 == 0:
            state = clock.state(time + 0.03)
            yield state.source, state.is_running, state.beat, state.bpm, state.jitter, clock.line(time + 0.03).epoch
            yield [
                (part.start - time, part.end - time, part.line.epoch)
                for part in clock.stretches(time + 0.03, time + 1.0)
            ]


def parts(seed: int) -> list[object]:
    """The parts of clips, as messages."""
    chance, made = Random(seed), list[object]()
    for _ in range(20):
        notes = [
            Note(
                chance.choice((0.0, 1.0, 1.5, 3.0)),
                chance.randrange(60, 63),
                chance.choice((0.5, 1.0, 4.0)),
                chance.choice((1.0, 1.4, 90.6, 127.0)),
                mute=chance.random() < 0.1,
                probability=chance.choice((1.0, 0.5, 0.49)),
                release_velocity=chance.choice((64.0, 10.6)),
            )
            for _ in range(chance.randrange(6))
        ]
        clip = Clip.of("clip", 4.0, notes)
        made.append(make_part(clip, chance.choice((1, 10, 16)), chance.choice((None, 0, 127)), chance.random() < 0.5))
        made.append(part_of_engine(chance.choice(("drums", "bass", "kazoo")), clip))
    return made
