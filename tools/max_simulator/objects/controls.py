"""The live.* controls with a number: buttons, switches, menus, dials. Each is a parameter of the device."""

from typing import Any, ClassVar

from musearoo.tools.max_simulator.formats.atoms import Atom, as_number, format_atoms
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.formats.patch import ENUM, FLOAT, Parameter
from musearoo.tools.max_simulator.objects.base import Atoms, Face, Kept, whole

COLOURS = frozenset(
    (
        *("activebgcolor", "activebgoncolor", "activedialcolor", "activefgdialcolor", "activeneedlecolor"),
        *("activeslidercolor", "activetextcolor", "activetextoncolor", "activetricolor", "bgcolor", "bgoncolor"),
        *("bordercolor", "dialcolor", "focusbordercolor", "lcdbgcolor", "lcdcolor", "slidercolor", "textcolor"),
        *("textoffcolor", "tricolor"),
    )
)


class Control(Face, Kept):
    """A number that Live stores, automates and maps; messages set it and send it on."""

    settable: ClassVar[frozenset[str]] = COLOURS | {"active"}

    def start(self) -> None:
        """Takes its first value: the initial one, else the lowest."""
        if self.box.parameter is None:
            raise PatchError(f"{self.box.place} is no parameter (parameter_enable), so Live cannot store it.")
        self.parameter: Parameter = self.box.parameter
        initial = self.parameter.initial
        self.value = self.cast(initial[0] if initial else self.parameter.low)

    def cast(self, atom: Atom) -> int | float:
        """A number within the range, whole where the parameter is."""
        number = as_number(self._index(atom) if isinstance(atom, str) else atom)
        held = min(max(float(number), self.parameter.low), self.parameter.high)
        return held if self.parameter.type == FLOAT else int(held)

    def _index(self, text: str) -> int:
        return self.parameter.choices.index(text) if text in self.parameter.choices else 0

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Numbers set and send; `set` only sets; a bang sends."""
        if selector in ("int", "float", "list", "assign") and atoms:
            self.take(atoms[0])
        elif selector in ("bang", "outputvalue"):
            self.put_out()
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
            self.misunderstood(selector, atoms)

    def take(self, atom: Atom) -> None:
        """Sets it and sends it on."""
        self.show(atom)
        self.put_out()

    def show(self, atom: Atom) -> None:
        """Sets it without sending."""
        self.value = self.cast(atom)
        self.patch.changed(self)

    @property
    def raw(self) -> float:
        """The value as 0 to 1."""
        span = self.parameter.high - self.parameter.low
        return (self.value - self.parameter.low) / span if span else 0.0

    def put_out(self) -> None:
        """Sends the value, from the right outlet to the left."""
        self.send(1, "float", (self.raw,))
        self.send_number(0, self.value)

    def stored(self) -> Any:
        """What the set keeps."""
        return self.value

    def restore(self, value: Any) -> None:
        """What the set had kept comes back, and is sent on."""
        self.take(value)

    def shown(self) -> Any:
        """The number, or the text of the choice."""
        if self.parameter.type == ENUM and self.parameter.choices:
            return self.parameter.choices[int(self.value)]
        return self.value

    def values(self) -> dict[str, Any]:
        """Also its number and its place in the range."""
        return {**super().values(), "value": self.value, "raw": self.raw}


class Dial(Control):
    """[live.dial]: a number."""

    classes = ("live.dial",)
    inlets, outlets = (1,), 2


class Menu(Control):
    """[live.menu]: one of several choices; sends the raw form, the text, the index."""

    classes = ("live.menu",)
    inlets, outlets = (1,), 3

    def start(self) -> None:
        """Also looks whether there are choices."""
        super().start()
        if self.parameter.type != ENUM or not self.parameter.choices:
            raise PatchError(f"{self.box.place} has no choices (parameter_enum).")

    def put_out(self) -> None:
        """Sends from the right."""
        self.send(2, "float", (self.raw,))
        self.send(1, "symbol", (self.parameter.choices[int(self.value)],))
        self.send_number(0, self.value)


class TextButton(Control):
    """[live.text]: a button (mode 0), which bangs, or a switch (mode 1), which sends 0 or 1.

    From its reference page: a click on a button sends its text out of the second outlet, then a bang out of the first.
    """

    classes = ("live.text",)
    inlets, outlets = (1,), 2
    settable = Control.settable | {"text", "texton", "mode"}

    @property
    def is_switch(self) -> bool:
        """Whether it stays on."""
        return bool(self.attribute("mode", 1))

    @property
    def label(self) -> str:
        """The text on it."""
        label: str = str(self.attribute("text", "A"))
        return str(self.attribute("texton", "B")) if self.is_switch and self.value else label

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """A bang flips a switch; numbers and bangs press a button."""
        if selector == "bang" and self.is_switch:
            self.take(0 if self.value else 1)
        elif not self.is_switch and (selector == "bang" or whole(selector, atoms) is not None):
            if selector == "bang" or whole(selector, atoms):
                self.put_out()
        else:
            super().receive(inlet, selector, atoms)

    def cast(self, atom: Atom) -> int | float:
        """0 or 1."""
        return int(super().cast(1 if isinstance(atom, (int, float)) and atom else atom))

    def put_out(self) -> None:
        """Sends the text, then the state or a bang."""
        self.send(1, "symbol", (self.label,))
        if self.is_switch:
            self.send_number(0, self.value)
        else:
            self.send(0, "bang")

    def restore(self, value: Any) -> None:
        """A button that comes back with the set is not pressed."""
        if self.is_switch:
            self.take(value)
        else:
            self.show(value)

    def shown(self) -> Any:
        """The text on it."""
        return self.label
