"""All boxes and cords of one device: those of the table, and those derived from it for every control.

    control that sends -> [prepend its name] -> script        script -> [route names] -> control that is set

A press-and-hold control sends twice: `talk 1` on mouse down, `talk 0` on mouse up. It is undocumented whether it bangs
when the mouse is released outside it; then its last outlet sends 0, which also becomes `talk 0`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from musearoo.max_for_live.table.records import Control, Cord, Kind, Look, Thing, Twin
from musearoo.tools.workshop.device_builder.boxes import Box, control_box, thing_box
from musearoo.tools.workshop.device_builder.objects import SIGNAL, BuildError

SCRIPT = "script"
SHOW = "show"
"""Names of the script's box, and of the [route] from it to the controls."""

MOUSE_UP, MOUSE_DOWN, INSIDE = 0, 1, 3
"""Outlets of a ubutton; the last reports for both whether the mouse is on it."""


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table, as `musearoo.max_for_live.table` has it."""

    controls: tuple[Control, ...]
    looks: tuple[Look, ...]
    things: tuple[Thing, ...]
    cords: tuple[Cord, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """The boxes of one device, front to back, and its cords."""

    boxes: tuple[Box, ...]
    cords: tuple[Cord, ...]

    def box(self, name: str) -> Box:
        """Return the box with a name. Raises BuildError when there is none."""
        for box in self.boxes:
            if box.name == name:
                return box
        raise BuildError(f"no box named {name}")


def wire(table: Table, twin: Twin) -> Patch:
    """Return the boxes and cords of one of the twins. Raises BuildError for what Max would silently ignore."""
    looks = {look.name: look for look in table.looks}
    controls = [control for control in table.controls if twin in control.twins]
    for control in controls:
        if control.role not in looks:
            raise BuildError(f"{control.name}: no look for the role {control.role!r}")
    faces = [control_box(control, looks[control.role]) for control in _front_first(controls)]
    things = [thing for thing in table.things if twin in thing.twins]
    derived = list(_derived_things(controls))
    cords = [cord for cord in table.cords if twin in cord.twins]
    patch = Patch(
        (*faces, *(thing_box(thing) for thing in (*things, *derived))),
        (*cords, *_derived_cords(controls)),
    )
    _check(patch)
    return patch


def _front_first(controls: list[Control]) -> list[Control]:
    """Return the controls in the reverse of Max's drawing order: the first box of a patcher is in front of all
    others.
    """
    over = {control.name: control.over for control in controls}

    def height(control: Control) -> int:
        below, steps = control.over, 0
        while below:
            if below not in over:
                raise BuildError(f"{control.name} lies over {below}, which is not on this device")
            steps += 1
            if steps > len(over):
                raise BuildError(f"{control.name} lies over itself")
            below = over[below]
        return steps

    return sorted(controls, key=lambda control: (-height(control), control.kind is Kind.PANEL))


def _derived_things(controls: list[Control]) -> Iterator[Thing]:
    """Yield the boxes between the controls and the script."""
    shown = [control.name for control in controls if control.shown]
    yield Thing(SHOW, " ".join(("route", *shown)))
    for control in controls:
        if not control.speaks:
            continue
        if control.kind is Kind.HOLD:
            yield Thing(f"{control.name}_down", "1", maxclass="message")
            yield Thing(f"{control.name}_up", "0", maxclass="message")
            yield Thing(f"{control.name}_beside", "sel 0")
        yield Thing(f"say_{control.name}", f"prepend {control.name}")


def _derived_cords(controls: list[Control]) -> Iterator[Cord]:
    """Yield the cords between the controls and the script."""
    yield Cord(SCRIPT, 0, SHOW)
    shown = [control.name for control in controls if control.shown]
    for outlet, name in enumerate(shown):
        yield Cord(SHOW, outlet, name)
    for control in controls:
        if not control.speaks:
            continue
        say = f"say_{control.name}"
        if control.kind is Kind.HOLD:
            yield Cord(control.name, MOUSE_DOWN, f"{control.name}_down")
            yield Cord(control.name, MOUSE_UP, f"{control.name}_up")
            yield Cord(control.name, INSIDE, f"{control.name}_beside")
            yield Cord(f"{control.name}_beside", 0, f"{control.name}_up")
            yield Cord(f"{control.name}_down", 0, say)
            yield Cord(f"{control.name}_up", 0, say)
        else:
            yield Cord(control.name, 0, say)
        yield Cord(say, 0, SCRIPT)


def _check(patch: Patch) -> None:
    """Raise BuildError for duplicate names, invalid cords, and an ambiguous order."""
    boxes: dict[str, Box] = {}
    for box in patch.boxes:
        if box.name in boxes:
            raise BuildError(f"two boxes are named {box.name}")
        boxes[box.name] = box
    taken: dict[tuple[str, int], str] = {}
    for cord in patch.cords:
        for name in (cord.source, cord.destination):
            if name not in boxes:
                raise BuildError(f"a cord from {cord.source} to {cord.destination}, but no box is named {name}")
        outlets, inlets = boxes[cord.source].ports.outlets, boxes[cord.destination].ports.inlets
        if not 0 <= cord.outlet < len(outlets):
            raise BuildError(f"{cord.source} has {len(outlets)} outlets, a cord comes from number {cord.outlet}")
        if not 0 <= cord.inlet < inlets:
            raise BuildError(f"{cord.destination} has {inlets} inlets, a cord goes to number {cord.inlet}")
        # Max sends right to left by the positions of boxes in the patch; an order that matters must not rely on that.
        other = taken.get((cord.source, cord.outlet))
        if other is not None and outlets[cord.outlet] != SIGNAL:
            raise BuildError(
                f"{cord.source} sends to {other} and to {cord.destination} from one outlet: put a trigger between"
            )
        taken[cord.source, cord.outlet] = cord.destination
