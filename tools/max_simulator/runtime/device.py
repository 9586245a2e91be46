"""A device in the simulated Max, and the user actions on it."""

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
from musearoo.tools.max_simulator.objects.faces import InvisibleButton, TextField
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
"""The time from the creation of the boxes to the initialisation of the device."""

SERVED_WITHIN = 2.0
"""The time in seconds within which Max handles a click, regardless of other events."""


class Device:
    """One instance of a device, created by `MaxHost.load`. Names are the scripting names of its controls."""

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
        """Run an action in the main thread, unless the device is deleted by then."""
        act = self._running.alive(action)
        self.host.at(self.host.clock.now() + delay, lambda: self.host.defer_low(act))

    def _initialised(self) -> None:
        self._running.is_ready = True
        for found in self._running.of_class(LiveThisDevice):
            found.send_number(1, int(self._running.is_enabled))
            found.send(0, "bang")

    # ------------------------------------------------------------------------------------------ the set

    def save_state(self) -> dict[str, Any]:
        """Return the state that Live stores in its set: the values of stored parameters by their Long Names."""
        return save_values(self._running)

    def enable(self, on: bool) -> None:
        """Switch the device on or off in Live."""
        self._running.is_enabled = on
        for found in self._running.of_class(LiveThisDevice):
            found.send_number(1, int(on))

    def delete(self) -> None:
        """Delete the device, as removing it or closing the set does."""
        if self._running.is_freed:
            return
        self._running.free()
        self.host.on_frame.remove(self._draw)
        self.host.devices.remove(self)

    # ------------------------------------------------------------------------------------------ the hand

    def press(self, name: str) -> Reaction:
        """Click a button, or flip a toggle.

        Returns once Max has handled the click; consequences follow as time runs.
        """
        button = self._button(name)
        return self._click(name, lambda: button.receive(0, "bang", ()))

    def hold(self, name: str) -> Reaction:
        """Press a button and hold it."""
        veil = self._invisible_button(name)
        return self._click(name, veil.press)

    def release(self, name: str, *, inside: bool = True) -> None:
        """Release a held button, by default inside it."""
        veil = self._invisible_button(name)
        self._click(name, lambda: veil.release(inside))

    def set(self, name: str, value: float | str) -> Reaction:
        """Set a dial, or choose from a menu by number or text."""
        self._reach(name)
        control = self._control(name)
        if isinstance(value, str) and value not in control.parameter.choices:
            raise UnknownControlError(
                f"{name} has no choice {value!r}; there are {', '.join(control.parameter.choices)}."
            )
        return self._click(name, lambda: control.take(value))

    def automate(self, name: str, value: float) -> None:
        """Set a control by automation, a Push or a MIDI mapping: in the scheduler thread."""
        control = self._control(name)
        if isinstance(control, TextButton) and not control.is_switch:
            self.host.soon(self._running.alive(lambda: control.receive(0, "int", (int(value),))))
        else:
            self.host.soon(self._running.alive(lambda: control.take(value)))

    def type(self, name: str, text: str, *, finish: bool = True) -> None:
        """Replace the text of a field by typing; `finish` presses Return."""
        field = self._reach(name)
        if not isinstance(field, TextField):
            raise UnknownControlError(f"{name} is not a text field; it is a {field.box.class_name}.")
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
        """Return the object with a name if a click reaches it. Raises UnknownControlError."""
        found = self._running.named(name)
        if not self.patcher.get("openinpresentation"):
            return found
        if not is_clickable(found):
            raise UnknownControlError(f"{name} is hidden, not in the presentation, or ignores clicks.")
        front = front_at(self._running.objects.values(), middle_of(found))
        if front is not found:
            raise UnknownControlError(f"{name} cannot be clicked: {front.name if front else 'nothing'} covers it.")
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

    def _invisible_button(self, name: str) -> InvisibleButton:
        found = self._reach(name)
        if not isinstance(found, InvisibleButton):
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
        """Return all clicks so far and their response times."""
        return list(self._reactions.all)

    def shown(self, name: str) -> Any:
        """Return what a control displays: a text, a number, the text of a choice, a colour."""
        return self._face(name).shown()

    def value(self, name: str) -> Any:
        """Return the number of a control, or the text of a field."""
        found = self._face(name)
        return found.value if isinstance(found, Control) else found.shown()

    def annotation(self, name: str) -> str:
        """Return the current Info text of a control."""
        return str(self._face(name).attribute("annotation", ""))

    def values(self) -> dict[str, dict[str, Any]]:
        """Return the state that a drawing needs in addition to the file, by scripting name."""
        return {found.name: dict(found.values()) for found in self._running.of_class(Face) if found.name}

    def face(self) -> str:
        """Return the user interface as lines of text, without decoration."""
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
        """Send a message to the script's inlet, in the main thread, immediately."""
        script = self._script()
        self._running.deliver(script, 0, *as_message(atoms))

    def packet(self, packet: bytes) -> None:
        """Deliver a packet as if it had arrived at the reply port."""
        for found in self._running.of_class(UdpReceive):
            found.take(packet)

    def listen_to(self, sound: Sound) -> None:
        """Set the track's audio from now on: `sound(first sample, count)` returns float32 (2, count)."""
        for buffer in self._running.of_class(Buffer):
            buffer.catch_up()
        self._running.sound = sound

    def sound_out(self, first: int, count: int) -> Samples:
        """Return the track's audio after the device, float32 (2, count)."""
        found: list[Plugout] = self._running.of_class(Plugout)
        return np.stack([found[0].block(channel, first, count) for channel in (0, 1)])

    def midi(self, *data: int) -> None:
        """Send MIDI bytes from the track; they arrive in the scheduler thread."""

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
        """Return the object with a scripting name."""
        return self._running.named(name)

    @property
    def reply_port(self) -> int | None:
        """The port it listens on; None when the port was in use."""
        found: list[UdpReceive] = self._running.of_class(UdpReceive)
        return found[0].port if found else None

    @property
    def ignored_packets(self) -> int:
        """The number of packets that `udpreceive` could not read or queue."""
        return sum(found.ignored for found in self._running.of_class(UdpReceive))

    @property
    def errors(self) -> list[str]:
        """The error lines of Max's console."""
        return self._running.errors

    @property
    def posts(self) -> list[str]:
        """The other lines of Max's console."""
        return self._running.posts

    @property
    def sent(self) -> list[tuple[Atom, ...]]:
        """The messages sent by `udpsend`."""
        return self._running.sent

    @property
    def symbols(self) -> frozenset[str]:
        """All texts that entered Max through the script or the network; Max keeps each forever."""
        return frozenset(self._running.symbols)

    @property
    def midi_out(self) -> list[int]:
        """The MIDI bytes that the device sent."""
        return self._running.midi_out

    @property
    def work(self) -> float:
        """The measured run time of the script so far, in seconds."""
        return self._script().work
