"""The base classes of all objects of a patch."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from musearoo.tools.max_simulator.formats.atoms import Atom, format_atoms
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.formats.patch import Box
from musearoo.tools.max_simulator.objects.host import Host

Atoms = tuple[Atom, ...]

BOX_ATTRIBUTES = frozenset(
    (
        *(
            "annotation",
            "annotation_name",
            "background",
            "bgcolor",
            "fontface",
            "fontname",
            "fontsize",
            "hidden",
            "hint",
        ),
        *("ignoreclick", "patching_rect", "presentation", "presentation_rect", "textcolor", "textjustification"),
        "varname",
    )
)
"""The attributes that every visible box accepts as messages."""


class MaxObject:
    """An object of a running patch.

    `classes` are the object's names, `typed` the attributes allowed in its box, `settable` those that can also be set
    by messages. `receive` handles messages; an unknown message prints an error to the console.
    """

    classes: ClassVar[tuple[str, ...]] = ()
    typed: ClassVar[frozenset[str]] = frozenset()
    settable: ClassVar[frozenset[str]] = frozenset()
    has_face: ClassVar[bool] = False
    inlets: ClassVar[tuple[int, ...]] = (1,)
    outlets: ClassVar[int] = 0

    def __init__(self, box: Box, patch: "PatchContext") -> None:
        self.box = box
        self.patch = patch
        self.attributes: dict[str, Any] = {}
        for name in box.typed:
            if name not in self.typed:
                raise PatchError(f"{box.place} has no attribute {name}.")
        inlets, outlets = self.ports()
        if box.outlets != outlets:
            raise PatchError(f"{box.place} has {outlets} outlets; the file has {box.outlets}.")
        if box.inlets not in inlets:
            raise PatchError(f"{box.place} has {inlets[0]} inlets; the file has {box.inlets}.")

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Return the allowed numbers of inlets (which differ between Max versions for some objects), and of outlets."""
        return self.inlets, self.outlets

    @property
    def name(self) -> str:
        """Its scripting name."""
        return self.box.name

    def start(self) -> None:
        """Called once all boxes exist, before any message is sent."""

    def loadbang(self) -> None:
        """Called in the main thread when the patch has been loaded."""

    def free(self) -> None:
        """Called when the device is deleted."""

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message at an inlet."""
        self.handle_unknown(selector, atoms)

    def send(self, outlet: int, selector: str, atoms: Atoms = ()) -> None:
        """Send a message from an outlet. Everything that follows from it happens before this returns."""
        self.patch.send(self.box.id, outlet, selector, atoms)

    def send_number(self, outlet: int, number: int | float) -> None:
        """Send an int or a float."""
        self.send(outlet, "float" if isinstance(number, float) else "int", (number,))

    def handle_unknown(self, selector: str, atoms: Atoms) -> None:
        """Set an attribute, or print Max's error for a message that the object does not understand."""
        if selector == "sendbox" and atoms and atoms[0] in BOX_ATTRIBUTES:
            self.set_attribute(str(atoms[0]), atoms[1:])
        elif selector in self.settable or (self.has_face and selector in BOX_ATTRIBUTES):
            self.set_attribute(selector, atoms)
        else:
            self.patch.error(f'{self.box.place}: doesn\'t understand "{format_atoms((selector, *atoms))[:60]}"')

    def set_attribute(self, name: str, values: Atoms) -> None:
        """Store an attribute and report that the display changed."""
        self.attributes[name] = values[0] if len(values) == 1 else list(values)
        if isinstance(self, Face):
            self.patch.changed(self)

    def attribute(self, name: str, default: Any = None) -> Any:
        """Return the current value of an attribute: set by a message, else typed into the box, else from the file."""
        if name in self.attributes:
            return self.attributes[name]
        return self.box.attribute(name, default)


class StoredObject(MaxObject):
    """An object whose value Live can store with the set, if it is a parameter."""

    def stored(self) -> Any:
        """Return the value to store in the set, as plain data."""
        raise NotImplementedError

    def restore(self, value: Any) -> None:
        """Restore a value from the set, and send it."""
        raise NotImplementedError


class Face(MaxObject):
    """A visible object."""

    has_face = True

    def shown(self) -> Any:
        """The displayed value."""
        return None

    def values(self) -> Mapping[str, Any]:
        """Return the state that a drawing needs in addition to the file."""
        return {**self.attributes, "shown": self.shown()}


class PatchContext(Protocol):
    """The interface of the patch to its objects; implemented by `RunningPatch`."""

    files: Mapping[str, str]
    key: int
    path: str
    is_ready: bool
    is_enabled: bool
    posts: list[str]
    sent: list[tuple[Atom, ...]]
    midi_out: list[int]

    @property
    def host(self) -> Host:
        """The Max in which it runs."""

    @property
    def changed(self) -> Callable[[Face], None]:
        """Called with each object whose appearance changed."""

    @property
    def sound(self) -> Callable[[int, int], Any]:
        """The track's audio: float32 (2, count) from a first sample on."""

    def of_class(self, kind: type[MaxObject]) -> list[Any]:
        """Return all objects of a class, in file order."""

    def sources(self, box: str, inlet: int) -> list[tuple[MaxObject, int]]:
        """Return the objects and outlets that are connected to an inlet."""

    def send(self, box: str, outlet: int, selector: str, atoms: Atoms = ()) -> None:
        """Send a message from an outlet along its cords in firing order, depth first."""

    def alive(self, action: Callable[[], None]) -> Callable[[], None]:
        """Return the action, wrapped to do nothing once the device is deleted."""

    def intern(self, atoms: Atoms) -> None:
        """Add texts from outside Max to its symbol table, where they stay until Live quits."""

    def error(self, text: str) -> None:
        """Print an error to Max's console."""


def whole(selector: str, atoms: Atoms) -> int | None:
    """Return the number of an int or float message, truncated to an int as in Max; None for anything else."""
    if selector in ("int", "float", "list") and atoms and not isinstance(atoms[0], str):
        return int(atoms[0])
    return None
