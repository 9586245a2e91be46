"""Hanging notes after a kill in the middle of a busy part: of the daemon, its MIDI process, or both.

The receiver survives them all, as a synthesiser does. After a kill of the daemon, its MIDI process must end all notes;
after a kill of the MIDI process, the next one must; after both, the next start.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any, Final

from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.midi.process_link import MidiLink
from musearoo.bridge.process.child_process import divert_output, plain_start
from musearoo.bridge.protocol.midi_process import Choose, ClockSource, Follow, Part, Play, TimedMessage
from musearoo.engines.errors import EngineError
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.midi.jack import jack_server
from musearoo.tools.bench.midi.receiver import Receiver
from musearoo.tools.bench.rows import Row

PART: Final = "No hanging note"

SEED: Final = 9
BPM: Final = 140.0
VOICES: Final = 12
"""The approximate number of simultaneous notes."""

SOUNDS_WITHIN: Final = 20.0
SILENT_WITHIN: Final = 10.0
"""The timeout in seconds: a new process needs half of one, longer on a busy machine."""

STILL_FOR: Final = 0.15
"""Seconds without a message after which none is pending."""

LAST_WORDS: Final = 0.02
"""The maximum time in seconds between the two kills."""

WHOM: Final = ("the daemon", "its MIDI process", "both")

Tell = Callable[[str, int, int], None]


def judge_kills(kills: int, tell: Tell) -> Iterator[Row]:
    """Yield the number of kills with a hanging note, by killed process. Raises EngineError without JACK."""
    chance = Random(SEED)
    hanging = dict.fromkeys(WHOM, 0)
    struck: dict[str, list[int]] = {whom: [] for whom in WHOM}
    waits: dict[str, list[float]] = {whom: [] for whom in WHOM}
    with jack_server(is_realtime=True), Receiver() as receiver, tempfile.TemporaryDirectory() as folder:
        for number in range(kills):
            whom = WHOM[number % len(WHOM)]
            tell(f"killing {whom}", number, kills)
            sounding, waited = _kill(whom, chance, receiver, Path(folder, "midi.ledger"))
            struck[whom].append(sounding)
            if waited is None:
                hanging[whom] += 1
                receiver.forget()
            else:
                waits[whom].append(waited)
    for whom in WHOM:
        if not struck[whom]:
            continue
        note = f"none may; of {len(struck[whom])} kills, {sum(struck[whom])} notes and pedals sounded in them"
        yield Row(PART, f"killed {whom}: notes left hanging", "kills", hanging[whom], met=not hanging[whom], note=note)
        if waits[whom]:
            slowest = percentile(waits[whom], 100) - STILL_FOR
            yield Row(PART, f"killed {whom}: silent after, worst", "s", slowest)


def _kill(whom: str, chance: Random, receiver: Receiver, ledger: Path) -> tuple[int, float | None]:
    """Return how many notes sounded at the kill, and the seconds until silence; None for a hanging note."""
    receiver.heard.clear()
    daemon = _Daemon(ledger, chance.randrange(1 << 30))
    try:
        if not receiver.wait_for(lambda one: len(one.heard) > VOICES, SOUNDS_WITHIN):
            raise EngineError("the MIDI process does not play to JACK.")
        time.sleep(chance.uniform(0.0, 1.0))
        sounding = len(receiver.sounding)
        killed = time.monotonic()
        victims = [
            daemon.pid if victim == "the daemon" else daemon.midi_pid for victim in WHOM[:2] if whom in (victim, "both")
        ]
        chance.shuffle(victims)
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
            # The other process may have started to end the notes, or to restart.
            time.sleep(chance.uniform(0.0, LAST_WORDS))
        if whom == "both":
            daemon.leave()
            # The next start plays nothing and ends the notes in the ledger.
            daemon = _Daemon(ledger, None)
        is_silent = receiver.wait_for(lambda one: not one.sounding and _is_still(one), SILENT_WITHIN)
        return sounding, time.monotonic() - killed if is_silent else None
    finally:
        daemon.leave()


def _is_still(receiver: Receiver) -> bool:
    return not receiver.heard or time.perf_counter() - receiver.heard[-1][0] > STILL_FOR


class _Daemon:
    """A process that plays through its own MIDI process, as the daemon does; without a seed it plays nothing."""

    def __init__(self, ledger: Path, seed: int | None) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        # Not a daemon process of multiprocessing, because it has a child process.
        self._process = context.Process(target=_play_on, args=(theirs, ledger, seed))
        with plain_start():
            self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Its process id; 0 before it has started."""
        return self._process.pid or 0

    @property
    def midi_pid(self) -> int:
        """The process id of its MIDI process."""
        self._connection.send("pid")
        pid: int = self._connection.recv()
        return pid

    def leave(self) -> None:
        """Stop it normally, if it is running, with its MIDI process."""
        with contextlib.suppress(OSError):
            self._connection.send("leave")
        self._process.join()
        self._connection.close()


def _play_on(connection: Connection[Any, Any], ledger: Path, seed: int | None) -> None:
    """Run the process: play until asked to stop."""
    # The link's messages about each crash are not wanted here; the daemon logs them.
    divert_output(None)
    link = MidiLink(MidiOptions(ledger), lambda _: None, None)
    link.send(Choose(inputs=(), outputs=("Synth",)))
    link.send(Follow((ClockSource.OWN,), BPM))
    if seed is not None:
        link.send(Play(1, _busy_part(Random(seed)), 0.0))
    try:
        while connection.recv() == "pid":
            connection.send(link.pid)
    except (EOFError, OSError):
        pass
    finally:
        link.close()


def _busy_part(chance: Random) -> Part:
    """Return a part with many simultaneous notes on all channels, and sustained pedals and bends."""
    length = 16.0
    messages: list[TimedMessage] = []
    for channel in range(16):
        beat = 0.0
        while beat < length:
            pitch, end = chance.randrange(128), min(length, beat + chance.uniform(0.1, 3.0))
            messages.append(TimedMessage(beat, bytes((0x90 | channel, pitch, chance.randint(1, 127)))))
            messages.append(TimedMessage(end, bytes((0x80 | channel, pitch, 64))))
            beat += chance.uniform(0.05, 32.0 / VOICES)
        down = chance.uniform(0.0, length / 2)
        messages.append(TimedMessage(down, bytes((0xB0 | channel, 64, 127))))
        messages.append(TimedMessage(down + length / 4, bytes((0xB0 | channel, 64, 0))))
        messages.append(TimedMessage(down, bytes((0xE0 | channel, 0, chance.randint(65, 127)))))
    return Part(tuple(messages), length, loops=True)
