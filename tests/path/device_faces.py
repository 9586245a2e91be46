"""What tests of the device see: how its face went on from a press, and what a press left in the set."""

from collections.abc import Callable
from typing import Any

from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.studio.with_max import Face, Lamp, MaxStudio


class Watch:
    """The faces of one device while something is waited for, each as often as it changes, seen or not."""

    def __init__(self, studio: MaxStudio, device: Device) -> None:
        self._studio = studio
        self._device = device
        self.faces: list[Face] = [studio.face(device)]

    def wait_until(self, condition: Callable[[], bool], what: str, within: float) -> None:
        """Runs Max until something holds, and notes how the face goes on meanwhile."""

        def look() -> bool:
            face = self._studio.face(self._device)
            if self.faces[-1] != face:
                self.faces.append(face)
            return condition()

        self._studio.wait_until(look, what, within)

    @property
    def lamps(self) -> list[Lamp]:
        """The lamp of each face."""
        return [face.lamp for face in self.faces]

    @property
    def statuses(self) -> list[str]:
        """The status line of each face."""
        return [face.status for face in self.faces]

    @property
    def progress(self) -> list[int]:
        """How far the bar was while something was under way."""
        return [face.progress for face in self.faces if face.lamp is Lamp.BUSY]

    @property
    def is_over(self) -> bool:
        """Whether something was under way and is no more."""
        return Lamp.BUSY in self.lamps and self.lamps[-1] is not Lamp.BUSY


def settled_snapshot(studio: MaxStudio) -> dict[str, Any]:
    """The set, once it is known what a new track can be routed to, which takes Live a tick."""
    studio.max.run_for(0.02)
    return studio.live.snapshot()


def clips_in(snapshot: dict[str, Any]) -> list[str]:
    """The names of all clips in the Session, track by track."""
    return [slot["name"] for track in snapshot["tracks"] for slot in track["slots"] if slot is not None]


def new_clips(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names of the clips that have come."""
    names = clips_in(after)
    for name in clips_in(before):
        names.remove(name)
    return names
