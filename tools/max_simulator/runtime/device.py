"""A device in the simulated Max, and the hands that use it."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np

from musearoo.tools.max_simulator.formats.atoms import Atom, as_message
from musearoo.tools.max_simulator.formats.container import unpack
from musearoo.tools.max_simulator.formats.faults import PatchError, UnknownControlError
from musearoo.tools.max_simulator.formats.patch import read_patch
from musearoo.tools.max_simulator.objects.base import Face, MaxObject
from musearoo.tools.max_simulator.objects.controls import Control, TextButton
from musearoo.tools.max_simulator.objects.faces import TextField, Veil
from musearoo.tools.max_simulator.objects.flow import LiveThisDevice, Midi
from musearoo.tools.max_simulator.objects.host import Host
from musearoo.tools.max_simulator.objects.script import Script
from musearoo.tools.max_simulator.objects.signals import Buffer, Plugout, Samples, Sound
from musearoo.tools.max_simulator.objects.sockets import UdpReceive
from musearoo.tools.max_simulator.outside.clock import MILLISECOND
from musearoo.tools.max_simulator.outside.files import name_in_max
from musearoo.tools.max_simulator.runtime.click import PASSIVE, front_at, is_clickable, middle_of
from musearoo.tools.max_simulator.runtime.face_text import face_text
from musearoo.tools.max_simulator.runtime.patcher import RunningPatch
from musearoo.tools.max_simulator.runtime.reactions import Reaction, Reactions
from musearoo.tools.max_simulator.runtime.storage import save_values, set_values, values_to_set

LOADING = 5 * MILLISECOND
"""From the boxes being there to the device being initialised."""

SERVED_WITHIN = 2.0
"""Seconds in which Max handles a click, whatever else waits."""


class Device:
    """One instance of a device; made by `MaxHost.load`. Names are the scripting names of its controls."""

    def __init__(
        self,
        host: Host,
        source: str | Path | bytes,
        *,
        key: int,
        state: dict[str, Any] | None,
        restore: Literal["before", "after"],
    ) -> None:
        container = unpack(source if isinstance(source, bytes) else Path(source).read_bytes())
        self.host = host
        self.key = key
        self.kind = container.kind
        self.patcher: dict[str, Any] = container.patcher()
        self._reactions = Reactions()
        files = {file.name: file.text for file in container.files if file.kind == "TEXT"}
        path = "" if isinstance(source, bytes) else name_in_max(Path(source), host.os)
        self._running = RunningPatch(read_patch(self.patcher), host, files, key, self._changed, path)
        host.on_frame.append(self._draw)
        self._running.loadbang()
        values = values_to_set(self._running, state)
        self._later(0 if restore == "before" else 2 * LOADING, lambda: set_values(self._running, values))
        self._later(LOADING, self._initialised)

    def _later(self, delay: int, action: Callable[[], None]) -> None:
        """Has something done in the main thread, unless the device is gone by then."""
        act = self._running.alive(action)
        self.host.at(self.host.clock.now() + delay, lambda: self.host.defer_low(act))

    def _initialised(self) -> None:
        self._running.is_ready = True
        for found in self._running.of_class(LiveThisDevice):
            found.send_number(1, int(self._running.is_enabled))
            found.send(0, "bang")

    # ------------------------------------------------------------------------------------------ the set

    def save_state(self) -> dict[str, Any]:
        """What Live keeps of the device in its set: the values of stored parameters by their Long Names."""
        return save_values(self._running)

    def enable(self, on: bool) -> None:
        """The device's own switch in Live."""
        self._running.is_enabled = on
        for found in self._running.of_class(LiveThisDevice):
            found.send_number(1, int(on))

    def delete(self) -> None:
        """The device is taken off its track, or the set is closed."""
        if self._running.is_freed:
            return
        self._running.free()
        self.host.on_frame.remove(self._draw)
        self.host.devices.remove(self)

    # ------------------------------------------------------------------------------------------ the hand

    def press(self, name: str) -> Reaction:
        """Clicks a button, or flips a switch; returns once Max has handled the click, the rest follows as time runs."""
        button = self._button(name)
        return self._click(name, lambda: button.receive(0, "bang", ()))

    def hold(self, name: str) -> Reaction:
        """Presses a button that is held, and does not let go."""
        veil = self._veil(name)
        return self._click(name, veil.press)

    def release(self, name: str, *, inside: bool = True) -> None:
        """Lets go of it, perhaps elsewhere."""
        veil = self._veil(name)
        self._click(name, lambda: veil.release(inside))

    def set(self, name: str, value: float | str) -> Reaction:
        """Turns a dial, or chooses of a menu by number or text."""
        self._reach(name)
        control = self._control(name)
        if isinstance(value, str) and value not in control.parameter.choices:
            raise UnknownControlError(
                f"{name} has no choice {value!r}; there are {', '.join(control.parameter.choices)}."
            )
        return self._click(name, lambda: control.take(value))

    def automate(self, name: str, value: float) -> None:
        """The same by automation, a Push or a MIDI map: in the scheduler's thread."""
        control = self._control(name)
        if isinstance(control, TextButton) and not control.is_switch:
            self.host.soon(self._running.alive(lambda: control.receive(0, "int", (int(value),))))
        else:
            self.host.soon(self._running.alive(lambda: control.take(value)))

    def type(self, name: str, text: str, *, finish: bool = True) -> None:
        """Types into a field in place of what stands there; `finish` presses Return."""
        field = self._reach(name)
        if not isinstance(field, TextField):
            raise UnknownControlError(f"{name} is no field to type into; it is a {field.box.class_name}.")
        self._click(name, lambda: field.type(text, finish))

    def _click(self, name: str, action: Callable[[], None]) -> Reaction:
        reaction = self._reactions.click(name, self.host.now)
        handled = False

        def handle() -> None:
            nonlocal handled
            begun = perf_counter()
            try:
                action()
            finally:
                reaction.work = perf_counter() - begun
                handled = True

        self.host.defer_low(self._running.alive(handle))
        self.host.run_until(lambda: handled, SERVED_WITHIN, f"answer to the click on {name}")
        return reaction

    def _reach(self, name: str) -> MaxObject:
        """The object of a name, if the mouse gets to it; raises UnknownControlError."""
        found = self._running.named(name)
        if not self.patcher.get("openinpresentation"):
            return found
        if not is_clickable(found):
            raise UnknownControlError(f"{name} is hidden, not in the presentation, or ignores clicks.")
        front = front_at(self._running.objects.values(), middle_of(found))
        if front is not found:
            raise UnknownControlError(f"{name} cannot be clicked: {front.name if front else 'nothing'} lies over it.")
        return found

    def _control(self, name: str) -> Control:
        found = self._running.named(name)
        if not isinstance(found, Control):
            raise UnknownControlError(f"{name} is a {found.box.class_name}, which has no number to set.")
        return found

    def _button(self, name: str) -> TextButton:
        found = self._reach(name)
        if not isinstance(found, TextButton):
            raise UnknownControlError(f"{name} is a {found.box.class_name}, which cannot be pressed.")
        return found

    def _veil(self, name: str) -> Veil:
        found = self._reach(name)
        if not isinstance(found, Veil):
            raise UnknownControlError(f"{name} is a {found.box.class_name}, which cannot be held.")
        return found

    # ------------------------------------------------------------------------------------------ the face

    def _changed(self, found: Face) -> None:
        self._reactions.change(found.name, found.shown(), self.host.now)
        self.host.redraw()

    def _draw(self) -> None:
        self._reactions.draw(self.host.now)

    @property
    def reactions(self) -> list[Reaction]:
        """All clicks so far and how soon they were answered."""
        return list(self._reactions.all)

    def shown(self, name: str) -> Any:
        """What a person sees of a control: a text, a number, the text of a choice, a colour."""
        return self._face(name).shown()

    def value(self, name: str) -> Any:
        """The number of a control, or the text of a field."""
        found = self._face(name)
        return found.value if isinstance(found, Control) else found.shown()

    def annotation(self, name: str) -> str:
        """The Info text of a control, as it is now."""
        return str(self._face(name).attribute("annotation", ""))

    def values(self) -> dict[str, dict[str, Any]]:
        """All that a drawing of the face needs beyond the file, by scripting name."""
        return {found.name: dict(found.values()) for found in self._running.of_class(Face) if found.name}

    def face(self) -> str:
        """The face as lines of text, without what only adorns it."""
        faces = [found for found in self._running.of_class(Face) if found.name]
        living = [found for found in faces if not isinstance(found, PASSIVE) or self._running.sources(found.box.id, 0)]
        return face_text(self.patcher, {found.name: found.shown() for found in living})

    def _face(self, name: str) -> Face:
        found = self._running.named(name)
        if not isinstance(found, Face):
            raise UnknownControlError(f"{name} is a {found.box.class_name}, which has no face.")
        return found

    # ------------------------------------------------------------------------------------------ within

    def send_to_script(self, *atoms: Atom) -> None:
        """A message into the script's inlet, in the main thread, at once."""
        script = self._script()
        self._running.deliver(script, 0, *as_message(atoms))

    def packet(self, packet: bytes) -> None:
        """A packet as if it had come to the reply port."""
        for found in self._running.of_class(UdpReceive):
            found.take(packet)

    def listen_to(self, sound: Sound) -> None:
        """What the track plays from now on: `sound(first sample, count)` gives float32 (2, count)."""
        for buffer in self._running.of_class(Buffer):
            buffer.catch_up()
        self._running.sound = sound

    def sound_out(self, first: int, count: int) -> Samples:
        """What the track hears behind the device, float32 (2, count)."""
        found: list[Plugout] = self._running.of_class(Plugout)
        return np.stack([found[0].block(channel, first, count) for channel in (0, 1)])

    def midi(self, *data: int) -> None:
        """Bytes of MIDI that the track plays; they come in the scheduler's thread."""

        def come() -> None:
            for found in self._running.of_class(Midi):
                if found.box.class_name == "midiin":
                    for byte in data:
                        found.send_number(0, byte)

        self.host.soon(self._running.alive(come))

    def _script(self) -> Script:
        scripts = self._running.of_class(Script)
        if len(scripts) != 1:
            raise PatchError(f"The device has {len(scripts)} scripts, not one.")
        script: Script = scripts[0]
        return script

    def object(self, name: str) -> MaxObject:
        """The object of a scripting name."""
        return self._running.named(name)

    @property
    def reply_port(self) -> int | None:
        """Where it listens; None when its port was taken."""
        found: list[UdpReceive] = self._running.of_class(UdpReceive)
        return found[0].port if found else None

    @property
    def ignored_packets(self) -> int:
        """Packets that `udpreceive` could not read, or had no room for."""
        return sum(found.ignored for found in self._running.of_class(UdpReceive))

    @property
    def errors(self) -> list[str]:
        """The red lines of Max's console."""
        return self._running.errors

    @property
    def posts(self) -> list[str]:
        """The other lines of Max's console."""
        return self._running.posts

    @property
    def sent(self) -> list[tuple[Atom, ...]]:
        """What went out by `udpsend`."""
        return self._running.sent

    @property
    def symbols(self) -> frozenset[str]:
        """All texts that have come into Max by the script or the network: it keeps each for good."""
        return frozenset(self._running.symbols)

    @property
    def midi_out(self) -> list[int]:
        """The bytes of MIDI that left the device."""
        return self._running.midi_out

    @property
    def work(self) -> float:
        """Measured seconds that the script has taken so far."""
        return self._script().work
