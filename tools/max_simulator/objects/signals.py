"""Signal objects for the ring buffer: the track's audio, Live's beat, a counter, and the buffer that records them.

All are computed on demand: up to the present, in whole vectors. Messages to them take effect between vectors.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from musearoo.tools.max_simulator.formats.atoms import as_number
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.formats.patch import Box
from musearoo.tools.max_simulator.formats.wave import write_wave
from musearoo.tools.max_simulator.objects.base import Atoms, MaxObject, PatchContext
from musearoo.tools.max_simulator.outside.clock import SECOND

Samples = npt.NDArray[np.float32]
Sound = Callable[[int, int], Samples]
"""(first sample, count) -> float32 (2, count), the track's audio."""

VECTOR = 64
"""Samples per signal vector in Max for Live."""

WRITE_SECONDS = 0.03
"""The simulated time of writing a ring buffer to a file, constant here; Max's was never measured."""


def silence(first: int, count: int) -> Samples:
    """Return silence."""
    del first
    return np.zeros((2, count), np.float32)


class Signal(MaxObject):
    """An object with a signal outlet; `block` computes the samples of an outlet for any time."""

    def block(self, outlet: int, first: int, count: int) -> Samples:
        """Return the samples from `first` on, float32 (count,)."""
        raise NotImplementedError

    def inlet_block(self, inlet: int, first: int, count: int) -> Samples:
        """Return the sum of the signals connected to an inlet."""
        total = np.zeros(count, np.float32)
        for source, outlet in self.patch.sources(self.box.id, inlet):
            if isinstance(source, Signal):
                total += source.block(outlet, first, count)
        return total

    @property
    def present(self) -> int:
        """Return the first sample that is not computed yet: a whole number of vectors."""
        host = self.patch.host
        return host.sample_at(host.clock.now()) // VECTOR * VECTOR


class Plugin(Signal):
    """[plugin~]: the left and right channel of the track before the device."""

    classes = ("plugin~",)
    inlets, outlets = (2,), 2

    def block(self, outlet: int, first: int, count: int) -> Samples:
        """Return the track's audio."""
        samples: Samples = self.patch.sound(first, count)[outlet]
        return samples


class Plugout(Signal):
    """[plugout~]: the track's audio after the device."""

    classes = ("plugout~",)
    inlets, outlets = (2,), 2

    def block(self, outlet: int, first: int, count: int) -> Samples:
        """Return the signal at the inlet with the outlet's number."""
        return self.inlet_block(outlet, first, count)


class PlugPhasor(Signal):
    """[plugphasor~]: a ramp from 0 to 1 within each beat of Live's transport."""

    classes = ("plugphasor~",)

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Return one inlet, and one or two outlets: real patches show the ramp alone or with the debug outlet."""
        return (1,), self.box.outlets if self.box.outlets in (1, 2) else 2

    def block(self, outlet: int, first: int, count: int) -> Samples:
        """Return the ramp."""
        return self.patch.host.transport.ramp(first, count)


class Count(Signal):
    """[count~ first limit on]: counts samples since the device was loaded; the limit is never reached."""

    classes = ("count~",)
    inlets, outlets = (2,), 1

    def start(self) -> None:
        """Read its arguments."""
        numbers = [int(as_number(atom)) for atom in self.box.arguments]
        self._initial, self._limit, self._is_on = (*numbers, *(0, 0, 0)[len(numbers) :])[:3]
        self._begun = self.present

    def block(self, outlet: int, first: int, count: int) -> Samples:
        """Return the counter: exact below 2^24; a float32 skips values beyond."""
        if not self._is_on:
            return np.full(count, self._initial, np.float32)
        run = np.maximum(np.arange(first, first + count) - self._begun, 0)
        span = self._limit - self._initial
        return (self._initial + (run % span if span > 0 else run)).astype(np.float32)


class Snapshot(Signal):
    """[snapshot~]: a bang sends the signal's value at the first sample of the last vector."""

    classes = ("snapshot~",)
    inlets, outlets = (2,), 1
    typed = frozenset(("interval", "active", "offset"))

    def start(self) -> None:
        """Reject what is not simulated."""
        if self.box.arguments or self.box.typed:
            raise PatchError(f"{self.box.place}: only bangs of snapshot~ are simulated.")

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Send the value."""
        if selector == "bang" and inlet == 0:
            last = max(self.present - VECTOR, 0)
            self.send(0, "float", (float(self.inlet_block(0, last, 1)[0]),))
        else:
            self.handle_unknown(selector, atoms)


class Dspstate(MaxObject):
    """[dspstate~]: a bang sends vector sizes, sample rate and whether audio is on, from right to left."""

    classes = ("dspstate~",)
    inlets, outlets = (1,), 4

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Answer a bang."""
        if selector != "bang":
            self.handle_unknown(selector, atoms)
            return
        self.send_number(3, VECTOR)
        self.send_number(2, VECTOR)
        self.send(1, "float", (float(self.patch.host.sample_rate),))
        self.send_number(0, 1)


class Buffer(MaxObject):
    """[buffer~ name milliseconds channels]: `size` resizes it, `writewave` writes it and then bangs the right outlet.

    Without `@format float32` the file has 16 bits.
    """

    classes = ("buffer~",)
    inlets, outlets = (1,), 2
    typed = frozenset(("format", "filetype", "samps", "size", "chans"))
    settable = frozenset(("format", "filetype"))

    def start(self) -> None:
        """Read its arguments."""
        name, size, channels = (*self.box.arguments, *("", 0, 1)[len(self.box.arguments) :])[:3]
        if isinstance(size, str) or isinstance(channels, str):
            raise PatchError(f"{self.box.place}: reading a file is not simulated.")
        self.buffer_name = str(name)
        self._channels = int(channels)
        self._resize(size)

    def _resize(self, milliseconds: float) -> None:
        rate = self.patch.host.sample_rate
        self.frames: Samples = np.zeros((round(milliseconds * rate / 1000.0), self._channels), np.float32)

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message: resize, clear or write."""
        if selector in ("size", "setsize") and atoms:
            self.catch_up()
            self._resize(as_number(atoms[0]))
        elif selector == "clear":
            self.catch_up()
            self.frames[:] = 0.0
        elif selector == "writewave" and len(atoms) == 1:
            self._write(Path(str(atoms[0])))
        else:
            self.handle_unknown(selector, atoms)

    def _overtake(self, frames: Samples, head: int, recorded: int) -> None:
        """Copy samples that were recorded while the file was being read, where the read position was behind them."""
        places = (head + np.arange(min(recorded, len(frames)))) % len(frames)
        recorded_at = np.arange(len(places)) / self.patch.host.sample_rate
        read_at = WRITE_SECONDS * places / len(frames)
        newer = places[recorded_at <= read_at]
        frames[newer] = self.frames[newer]

    def _records(self) -> "list[Record]":
        return [record for record in self.patch.of_class(Record) if record.buffer is self]

    def catch_up(self) -> None:
        """Record everything up to the present."""
        for record in self._records():
            record.catch_up()

    def _write(self, path: Path) -> None:
        """Read the buffer from start to end while recording continues; then write the file and bang."""
        self.catch_up()
        host = self.patch.host
        form = str(self.attribute("format", "int16"))
        begun, frames = self.frames, self.frames.copy()
        heads = [(record.head, record.recorded) for record in self._records()]

        def finish() -> None:
            self.catch_up()
            if self.frames is begun:
                for (head, recorded), record in zip(heads, self._records(), strict=True):
                    self._overtake(frames, head, record.recorded - recorded)
            try:
                write_wave(path, frames, host.sample_rate, form)
            except OSError as error:
                self.patch.error(f"{self.box.place}: could not write {path}: {error}")
                return
            self.send(1, "bang")

        due = host.clock.now() + round(WRITE_SECONDS * SECOND)
        host.at(due, self.patch.alive(lambda: host.defer_low(self.patch.alive(finish))))


class Record(Signal):
    """[record~ name channels]: records its inlets into a buffer, circularly with `@loop 1`."""

    classes = ("record~",)
    typed = frozenset(("loop", "append"))
    settable = frozenset(("loop", "append"))

    def __init__(self, box: Box, patch: PatchContext) -> None:
        super().__init__(box, patch)
        self._is_on = False
        self._done = 0
        self.head = 0
        self.recorded = 0

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Return one inlet per channel and two for the loop ends; one outlet."""
        return (self._channels + 2,), 1

    @property
    def _channels(self) -> int:
        return int(as_number(self.box.arguments[1])) if len(self.box.arguments) > 1 else 1

    @property
    def buffer(self) -> Buffer | None:
        """Return the buffer of its name in the same device."""
        name = self.box.arguments[0] if self.box.arguments else ""
        for found in self.patch.of_class(Buffer):
            if found.buffer_name == name:
                buffer: Buffer = found
                return buffer
        return None

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Start at the beginning for a non-zero number, stop for 0."""
        if inlet == 0 and selector in ("int", "float") and atoms:
            self.catch_up()
            self._is_on = bool(atoms[0])
            self._done = self.present
            self.head = self.head if self.attribute("append", 0) else 0
        else:
            self.handle_unknown(selector, atoms)

    def catch_up(self) -> None:
        """Record up to the present."""
        buffer, first, until = self.buffer, self._done, self.present
        if not self._is_on or buffer is None or until <= first:
            return
        length = len(buffer.frames)
        if not length:
            self._done = until
            return
        if self.attribute("loop", 0):
            # Samples that would be overwritten immediately need not be computed.
            begin = max(first, until - length)
            self._write(buffer, begin, until, (self.head + begin - first) % length)
            self.head = (self.head + until - first) % length
        else:
            end = min(until, first + length - self.head)
            self._write(buffer, first, end, self.head)
            self.head += end - first
            self._is_on = self.head < length
        self.recorded += until - first
        self._done = until

    def _write(self, buffer: Buffer, first: int, until: int, head: int) -> None:
        length = len(buffer.frames)
        at = first
        while at < until:
            place = (head + at - first) % length
            count = min(until - at, length - place)
            for channel in range(min(self._channels, buffer.frames.shape[1])):
                buffer.frames[place : place + count, channel] = self.inlet_block(channel, at, count)
            at += count
