"""What all objects of a patch have in common."""

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
"""What every box with a face takes as a message and keeps."""


class MaxObject:
    """An object of a running patch.

    `classes` are the names it goes by, `typed` the attributes that may stand in its box, `settable` those that it
    takes as messages too. `receive` has what it does with a message; what it does not know is an error in the console.
    """

    classes: ClassVar[tuple[str, ...]] = ()
    typed: ClassVar[frozenset[str]] = frozenset()
    settable: ClassVar[frozenset[str]] = frozenset()
    has_face: ClassVar[bool] = False
    inlets: ClassVar[tuple[int, ...]] = (1,)
    outlets: ClassVar[int] = 0

    def __init__(self, box: Box, patch: "PatchOfObjects") -> None:
        self.box = box
        self.patch = patch
        self.attributes: dict[str, Any] = {}
        for name in box.typed:
            if name not in self.typed:
                raise PatchError(f"{box.place} has no attribute {name}.")
        inlets, outlets = self.ports()
        if box.outlets != outlets:
            raise PatchError(f"{box.place} has {outlets} outlets; the file says {box.outlets}.")
        if box.inlets not in inlets:
            raise PatchError(f"{box.place} has {inlets[0]} inlets; the file says {box.inlets}.")

    def ports(self) -> tuple[tuple[int, ...], int]:
        """The numbers of inlets it may have (the versions of Max differ for some), and of its outlets."""
        return self.inlets, self.outlets

    @property
    def name(self) -> str:
        """Its scripting name."""
        return self.box.name

    def start(self) -> None:
        """Called once all boxes are there, before anything is sent."""

    def loadbang(self) -> None:
        """Called when the patch has been loaded, in the main thread."""

    def free(self) -> None:
        """Called when the device goes."""

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """A message at an inlet."""
        self.misunderstood(selector, atoms)

    def send(self, outlet: int, selector: str, atoms: Atoms = ()) -> None:
        """Sends a message out of an outlet: all that follows from it happens before this returns."""
        self.patch.send(self.box.id, outlet, selector, atoms)

    def send_number(self, outlet: int, number: int | float) -> None:
        """Sends an int or a float."""
        self.send(outlet, "float" if isinstance(number, float) else "int", (number,))

    def misunderstood(self, selector: str, atoms: Atoms) -> None:
        """What Max writes into its console for a message that an object does not know; attributes are taken."""
        if selector == "sendbox" and atoms and atoms[0] in BOX_ATTRIBUTES:
            self.set_attribute(str(atoms[0]), atoms[1:])
        elif selector in self.settable or (self.has_face and selector in BOX_ATTRIBUTES):
            self.set_attribute(selector, atoms)
        else:
            self.patch.error(f'{self.box.place}: doesn\'t understand "{format_atoms((selector, *atoms))[:60]}"')

    def set_attribute(self, name: str, values: Atoms) -> None:
        """Keeps an attribute and says that the face has changed."""
        self.attributes[name] = values[0] if len(values) == 1 else list(values)
        if isinstance(self, Face):
            self.patch.changed(self)

    def attribute(self, name: str, default: Any = None) -> Any:
        """An attribute as it is now: set by a message, else typed into the box, else in the file."""
        if name in self.attributes:
            return self.attributes[name]
        return self.box.attribute(name, default)


class Kept(MaxObject):
    """An object whose value Live can keep with the set, where it is a parameter."""

    def stored(self) -> Any:
        """What the set keeps: plain data."""
        raise NotImplementedError

    def restore(self, value: Any) -> None:
        """What the set had kept comes back, and is sent on."""
        raise NotImplementedError


class Face(MaxObject):
    """An object that people see."""

    has_face = True

    def shown(self) -> Any:
        """What a person sees of it."""
        return None

    def values(self) -> Mapping[str, Any]:
        """What a drawing of the face needs to know beyond the file."""
        return {**self.attributes, "shown": self.shown()}


class PatchOfObjects(Protocol):
    """What an object needs of the patch that it runs in; `RunningPatch` is the one class that has it."""

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
        """Called with what looks different on the device's face."""

    @property
    def sound(self) -> Callable[[int, int], Any]:
        """What the track plays: float32 (2, count) from a first sample on."""

    def of_class(self, kind: type[MaxObject]) -> list[Any]:
        """All objects of a class, in the order of the file."""

    def sources(self, box: str, inlet: int) -> list[tuple[MaxObject, int]]:
        """The objects and outlets whose cords end at an inlet."""

    def send(self, box: str, outlet: int, selector: str, atoms: Atoms = ()) -> None:
        """A message leaves an outlet: its cords in their turn, each with all that follows from it."""

    def alive(self, action: Callable[[], None]) -> Callable[[], None]:
        """The action, or nothing once the device is gone."""

    def intern(self, atoms: Atoms) -> None:
        """Texts that reach Max from outside stay in its table of symbols until Live is quit."""

    def error(self, text: str) -> None:
        """A red line in Max's console."""


def whole(selector: str, atoms: Atoms) -> int | None:
    """The number of an int or float message, cut to an int as Max does; None for anything else."""
    if selector in ("int", "float", "list") and atoms and not isinstance(atoms[0], str):
        return int(atoms[0])
    return None
