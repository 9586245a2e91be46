"""A running patch: its objects, and message delivery between them."""

from collections.abc import Callable, Mapping
from typing import Any

from musearoo.tools.max_simulator.formats.atoms import Atom
from musearoo.tools.max_simulator.formats.faults import PatchError, UnknownControlError
from musearoo.tools.max_simulator.formats.patch import Patch
from musearoo.tools.max_simulator.objects import controls, faces, flow, script, signals, sockets
from musearoo.tools.max_simulator.objects.base import Atoms, Face, MaxObject
from musearoo.tools.max_simulator.objects.host import Host
from musearoo.tools.max_simulator.objects.signals import Sound, silence

KINDS: tuple[type[MaxObject], ...] = (
    *(flow.Prepend, flow.Route, flow.Select, flow.Trigger, flow.Defer, flow.MessageBox),
    *(flow.LiveThisDevice, flow.FreeBang, flow.Midi),
    *(controls.Dial, controls.Menu, controls.TextButton),
    *(faces.Comment, faces.Panel, faces.Bar, faces.TextField, faces.InvisibleButton),
    *(sockets.UdpSend, sockets.UdpReceive),
    script.Script,
    *(signals.Plugin, signals.Plugout, signals.PlugPhasor, signals.Count, signals.Snapshot),
    *(signals.Record, signals.Buffer, signals.Dspstate),
)

KNOWN: dict[str, type[MaxObject]] = {name: kind for kind in KINDS for name in kind.classes}
"""The simulated Max objects, by the names used in boxes."""

DEEPEST = 100
"""The maximum depth of one message. Max limits the stack in bytes and allows far more, but no device needs it."""


class RunningPatch:
    """The objects of a device and the cords between them; `files` are the scripts frozen into it, `path` is its own.

    A message deeper than DEEPEST is dropped with an error, as in Max's stack overflow.
    """

    def __init__(
        self,
        patch: Patch,
        host: Host,
        files: Mapping[str, str],
        key: int,
        changed: Callable[[Face], None],
        path: str = "",
    ) -> None:
        self.host = host
        self.files = files
        self.key = key
        self.path = path
        self.is_ready = False
        self.is_enabled = True
        self.is_freed = False
        self.errors: list[str] = []
        self.posts: list[str] = []
        self.sent: list[tuple[Atom, ...]] = []
        self.midi_out: list[int] = []
        self.sound: Sound = silence
        self.symbols: set[str] = set()
        self.changed = changed
        self._cords = patch.cords
        self._sources: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for (source, outlet), cords in patch.cords.items():
            for cord in cords:
                self._sources.setdefault((cord.box, cord.inlet), []).append((source, outlet))
        self._depth = 0
        self.objects: dict[str, MaxObject] = {}
        for box in patch.boxes:
            known = KNOWN.get(box.class_name)
            if known is None:
                raise PatchError(f"{box.place}: there is no object {box.class_name} in the simulated Max.")
            self.objects[box.id] = known(box, self)
        self._named = {found.name: found for found in self.objects.values() if found.name}
        for found in self.objects.values():
            found.start()

    def named(self, name: str) -> MaxObject:
        """Return the object with a scripting name. Raises UnknownControlError."""
        if name not in self._named:
            raise UnknownControlError(f"There is no {name!r}; there are {', '.join(sorted(self._named))}.")
        return self._named[name]

    def of_class(self, kind: type[MaxObject]) -> list[Any]:
        """Return all objects of a class, in file order."""
        return [found for found in self.objects.values() if isinstance(found, kind)]

    def sources(self, box: str, inlet: int) -> list[tuple[MaxObject, int]]:
        """Return the objects and outlets that are connected to an inlet."""
        return [(self.objects[source], outlet) for source, outlet in self._sources.get((box, inlet), ())]

    def send(self, box: str, outlet: int, selector: str, atoms: Atoms = ()) -> None:
        """Send a message from an outlet along its cords in firing order, depth first."""
        for cord in self._cords.get((box, outlet), ()):
            self.deliver(self.objects[cord.box], cord.inlet, selector, atoms)

    def deliver(self, target: MaxObject, inlet: int, selector: str, atoms: Atoms) -> None:
        """Deliver a message to an inlet."""
        if self.is_freed:
            return
        if self._depth >= DEEPEST:
            self.error(f"{target.box.place}: stack overflow")
            return
        self._depth += 1
        try:
            target.receive(inlet, selector, atoms)
        finally:
            self._depth -= 1

    def alive(self, action: Callable[[], None]) -> Callable[[], None]:
        """Return the action, wrapped to do nothing once the device is deleted."""

        def act() -> None:
            if not self.is_freed:
                action()

        return act

    def intern(self, atoms: Atoms) -> None:
        """Add texts from outside Max to its symbol table, where they stay until Live quits."""
        self.symbols.update(atom for atom in atoms if isinstance(atom, str))

    def error(self, text: str) -> None:
        """Print an error to Max's console."""
        self.errors.append(text)

    def loadbang(self) -> None:
        """Send all loadbangs."""
        for found in self.objects.values():
            found.loadbang()

    def free(self) -> None:
        """Free all objects when the device is deleted."""
        if self.is_freed:
            return
        for found in self.objects.values():
            found.free()
        self.is_freed = True
