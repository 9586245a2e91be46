"""The live.* controls with a numeric value: buttons, toggles, menus, dials. Each is a parameter of the device."""

from typing import Any, ClassVar

from musearoo.tools.max_simulator.formats.atoms import Atom, as_number, format_atoms
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.formats.patch import ENUM, FLOAT, Parameter
from musearoo.tools.max_simulator.objects.base import Atoms, Face, StoredObject, whole

COLOURS = frozenset(
    (
        *("activebgcolor", "activebgoncolor", "activedialcolor", "activefgdialcolor", "activeneedlecolor"),
        *("activeslidercolor", "activetextcolor", "activetextoncolor", "activetricolor", "bgcolor", "bgoncolor"),
        *("bordercolor", "dialcolor", "focusbordercolor", "lcdbgcolor", "lcdcolor", "slidercolor", "textcolor"),
        *("textoffcolor", "tricolor"),
    )
)


class Control(Face, StoredObject):
    """A number that Live stores, automates and maps. Messages set it and send it."""

    settable: ClassVar[frozenset[str]] = COLOURS | {"active"}

    def start(self) -> None:
        """Set the first value: the initial one, or else the minimum."""
        if self.box.parameter is None:
            raise PatchError(f"{self.box.place} is not a parameter (parameter_enable), so Live cannot store it.")
        self.parameter: Parameter = self.box.parameter
        initial = self.parameter.initial
        self.value = self.cast(initial[0] if initial else self.parameter.low)

    def cast(self, atom: Atom) -> int | float:
        """Return a number clipped to the range, an integer where the parameter is."""
        number = as_number(self._index(atom) if isinstance(atom, str) else atom)
        held = min(max(float(number), self.parameter.low), self.parameter.high)
        return held if self.parameter.type == FLOAT else int(held)

    def _index(self, text: str) -> int:
        return self.parameter.choices.index(text) if text in self.parameter.choices else 0

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message: numbers set and send, `set` only sets, a bang sends."""
        if selector in ("int", "float", "list", "assign") and atoms:
            self.take(atoms[0])
        elif selector in ("bang", "outputvalue"):
            self.output()
        elif selector == "set" and atoms:
            self.show(atoms[0])
        elif selector in ("symbol", "setsymbol") and atoms and self.parameter.type == ENUM:
            text = format_atoms(atoms)
            if text not in self.parameter.choices:
                self.patch.error(f"{self.box.place}: no choice called {text!r}")
            elif selector == "symbol":
                self.take(text)
            else:
                self.show(text)
        elif selector == "rawfloat" and atoms:
            self.take(self.parameter.low + as_number(atoms[0]) * (self.parameter.high - self.parameter.low))
        elif selector == "init" and self.parameter.initial:
            self.take(self.parameter.initial[0])
        else:
            self.handle_unknown(selector, atoms)

    def take(self, atom: Atom) -> None:
        """Set the value and send it."""
        self.show(atom)
        self.output()

    def show(self, atom: Atom) -> None:
        """Set the value without sending it."""
        self.value = self.cast(atom)
        self.patch.changed(self)

    @property
    def raw(self) -> float:
        """Return the value scaled to 0..1."""
        span = self.parameter.high - self.parameter.low
        return (self.value - self.parameter.low) / span if span else 0.0

    def output(self) -> None:
        """Send the value, from the right outlet to the left."""
        self.send(1, "float", (self.raw,))
        self.send_number(0, self.value)

    def stored(self) -> Any:
        """Return the value to store in the set."""
        return self.value

    def restore(self, value: Any) -> None:
        """Restore a value from the set, and send it."""
        self.take(value)

    def shown(self) -> Any:
        """Return the number, or the text of the choice."""
        if self.parameter.type == ENUM and self.parameter.choices:
            return self.parameter.choices[int(self.value)]
        return self.value

    def values(self) -> dict[str, Any]:
        """Also return its number and its position in the range."""
        return {**super().values(), "value": self.value, "raw": self.raw}


class Dial(Control):
    """[live.dial]: a numeric parameter."""

    classes = ("live.dial",)
    inlets, outlets = (1,), 2


class Menu(Control):
    """[live.menu]: one of several choices; sends the normalised value, the text and the index."""

    classes = ("live.menu",)
    inlets, outlets = (1,), 3

    def start(self) -> None:
        """Also check that there are choices."""
        super().start()
        if self.parameter.type != ENUM or not self.parameter.choices:
            raise PatchError(f"{self.box.place} has no choices (parameter_enum).")

    def output(self) -> None:
        """Send from right to left."""
        self.send(2, "float", (self.raw,))
        self.send(1, "symbol", (self.parameter.choices[int(self.value)],))
        self.send_number(0, self.value)


class TextButton(Control):
    """[live.text]: a button (mode 0), which bangs, or a toggle (mode 1), which sends 0 or 1.

    From its reference page: a click on a button sends its text from the second outlet, then a bang from the first.
    """

    classes = ("live.text",)
    inlets, outlets = (1,), 2
    settable = Control.settable | {"text", "texton", "mode"}

    @property
    def is_switch(self) -> bool:
        """Whether it is a toggle."""
        return bool(self.attribute("mode", 1))

    @property
    def label(self) -> str:
        """Its label."""
        label: str = str(self.attribute("text", "A"))
        return str(self.attribute("texton", "B")) if self.is_switch and self.value else label

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message: a bang flips a toggle; numbers and bangs press a button."""
        if selector == "bang" and self.is_switch:
            self.take(0 if self.value else 1)
        elif not self.is_switch and (selector == "bang" or whole(selector, atoms) is not None):
            if selector == "bang" or whole(selector, atoms):
                self.output()
        else:
            super().receive(inlet, selector, atoms)

    def cast(self, atom: Atom) -> int | float:
        """Return 0 or 1."""
        return int(super().cast(1 if isinstance(atom, (int, float)) and atom else atom))

    def output(self) -> None:
        """Send the text, then the state or a bang."""
        self.send(1, "symbol", (self.label,))
        if self.is_switch:
            self.send_number(0, self.value)
        else:
            self.send(0, "bang")

    def restore(self, value: Any) -> None:
        """Restore a toggle; restoring a button does not press it."""
        if self.is_switch:
            self.take(value)
        else:
            self.show(value)

    def shown(self) -> Any:
        """Return its label."""
        return self.label
