"""The common part of the old and the new ControlSurface: calls to and from Live through `c_instance`."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, ClassVar, Iterator

from musearoo.tools.live_simulator.surfaces.tick_tasks import TickTasks


class Surface:
    """The part of a control surface that does not depend on the framework version."""

    guarded: ClassVar[list[Surface]] = []
    """The surfaces whose component guard is open, the innermost last; new components belong to the last one."""

    def __init__(self, c_instance: Any = None, *_: Any, **__: Any) -> None:
        if c_instance is None:
            raise TypeError("a control surface needs the c_instance that Live passes to create_instance")
        self._c_instance = c_instance
        self._tick_tasks = TickTasks(c_instance.log_message)

    # ------------------------------------------------------------------------- called by scripts

    @contextlib.contextmanager
    def component_guard(self) -> Iterator[None]:
        """Open a block in which components may be created and changed."""
        Surface.guarded.append(self)
        try:
            yield
        finally:
            Surface.guarded.pop()

    def schedule_message(self, delay_in_ticks: int, callback: Callable[..., Any], parameter: Any = None) -> None:
        """Run a callback after a delay in display ticks, which are 100 ms apart."""
        self._tick_tasks.schedule(delay_in_ticks, callback, parameter)

    def log_message(self, *messages: Any) -> None:
        """Write to Live's log."""
        self._c_instance.log_message(" ".join(map(str, messages)))

    def show_message(self, message: str) -> None:
        """Show a line in Live's status bar."""
        self._c_instance.show_message(message)

    def request_rebuild_midi_map(self) -> None:
        """Ask Live to call `build_midi_map` again."""
        self._c_instance.request_rebuild_midi_map()

    def instance_identifier(self) -> int:
        """Return the number that Live gave this surface."""
        identifier: int = self._c_instance.instance_identifier()
        return identifier

    def _send_midi(self, midi_bytes: Any, *_: Any, **__: Any) -> bool:
        self._c_instance.send_midi(tuple(midi_bytes))
        return True

    # ---------------------------------------------------------------------------- called by Live

    def update_display(self) -> None:
        """Called at Live's display tick."""
        self._tick_tasks.advance()

    def refresh_state(self) -> None:
        """Called by Live to send the hardware's state again."""

    def build_midi_map(self, midi_map_handle: int) -> None:
        """Called by Live to build its MIDI map."""

    def connect_script_instances(self, instanciated_scripts: Any) -> None:
        """Called by Live with the other running scripts."""

    def can_lock_to_devices(self) -> bool:
        """Return whether the surface can be locked to a device."""
        return False

    def suggest_input_port(self) -> str:
        """Return the name of the preferred MIDI input."""
        return ""

    def suggest_output_port(self) -> str:
        """Return the name of the preferred MIDI output."""
        return ""

    def port_settings_changed(self) -> None:
        """Called when Live's MIDI ports change."""

    def disconnect(self) -> None:
        """Called by Live to release the surface."""
        self._tick_tasks.clear()
