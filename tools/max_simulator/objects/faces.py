"""Display and input objects: texts, text fields, panels, bars, and the invisible button that covers others."""

from typing import Any

from musearoo.tools.max_simulator.formats.atoms import Atom, as_number, format_atoms, parse_atoms
from musearoo.tools.max_simulator.objects.base import Atoms, Face, StoredObject

TEXT_COLOURS = frozenset(("textcolor", "bgcolor", "bordercolor", "bgfillcolor", "linecolor", "fontsize", "fontname"))


class Comment(Face):
    """[comment], [live.comment]: a text; `set` changes it."""

    classes = ("comment", "live.comment")
    inlets, outlets = (1,), 0
    settable = TEXT_COLOURS

    def start(self) -> None:
        """Set the text from the box."""
        self._text: str = self.box.data.get("text", "")

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Set the text, or append to it."""
        given = format_atoms(atoms)
        texts = {"set": given, "append": f"{self._text} {given}".strip(), "prepend": f"{given} {self._text}".strip()}
        if selector not in texts:
            self.handle_unknown(selector, atoms)
        else:
            self._text = texts[selector]
            self.patch.changed(self)

    def shown(self) -> str:
        """The text."""
        return self._text


class Panel(Face):
    """[panel], [live.line]: a coloured shape with attributes only."""

    classes = ("panel", "live.line")
    inlets, outlets = (1,), 0
    settable = TEXT_COLOURS | {"border", "rounded", "grad1", "grad2", "mode", "bgoncolor", "size"}

    def shown(self) -> Any:
        """Return its colour: (red, green, blue, alpha)."""
        for name in ("bgfillcolor", "bgcolor"):
            if name in self.attributes:
                return tuple(self.attributes[name])
        colour = self.box.attribute("bgfillcolor", None) or self.box.attribute("bgcolor", None)
        if isinstance(colour, dict):
            colour = colour.get("color", colour.get("color1"))
        return tuple(colour) if isinstance(colour, (list, tuple)) else None


class Bar(Face):
    """[multislider] with one or more sliders."""

    classes = ("multislider",)
    inlets, outlets = (1,), 2
    settable = TEXT_COLOURS | {"slidercolor", "setminmax", "size", "peakcolor"}

    def start(self) -> None:
        """Set all sliders to the minimum."""
        self._low, self._high = self.box.attribute("setminmax", [-1.0, 1.0])[:2]
        self._is_whole = self.box.attribute("settype", 1) == 0
        size = self.box.attribute("size", 1)
        self.sliders: list[int | float] = [self._held(self._low)] * int(size)

    def _held(self, atom: Atom) -> int | float:
        number = min(max(as_number(atom), self._low), self._high)
        return int(number) if self._is_whole else float(number)

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message: numbers set and send, `set` (number, value) and `setlist` only set."""
        if selector in ("int", "float") and atoms:
            self._show([self._held(atoms[0])] * len(self.sliders))
            self._output()
        elif selector == "list":
            self._show([self._held(atom) for atom in atoms])
            self._output()
        elif selector == "setlist" and atoms:
            self._show([self._held(atom) for atom in atoms])
        elif selector == "set" and len(atoms) == 2:
            at = int(as_number(atoms[0])) - 1
            if 0 <= at < len(self.sliders):
                self._show([*self.sliders[:at], self._held(atoms[1]), *self.sliders[at + 1 :]])
        elif selector == "bang":
            self._output()
        else:
            self.handle_unknown(selector, atoms)

    def _show(self, sliders: list[int | float]) -> None:
        self.sliders = sliders
        self.patch.changed(self)

    def _output(self) -> None:
        self.send(0, "list", tuple(self.sliders))

    def shown(self) -> Any:
        """Return the number of a single slider, or those of several."""
        return self.sliders[0] if len(self.sliders) == 1 else tuple(self.sliders)


class TextField(Face, StoredObject):
    """[textedit]: typed text, sent as `text` and the words, or as one symbol with `outputmode 1`.

    Return sends it only with `keymode 1`; a bang always sends it.
    """

    classes = ("textedit",)
    inlets, outlets = (1,), 4
    settable = TEXT_COLOURS | {"readonly", "keymode", "outputmode", "lines", "separator"}

    def start(self) -> None:
        """Set the text from the box."""
        self.text: str = self.box.data.get("text", "")

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Handle a message: `set`, `append` and `clear` change the text without sending, a bang sends it."""
        if selector == "bang":
            self.output()
        elif selector in ("set", "int", "float", "list"):
            self.write(format_atoms(atoms))
        elif selector == "append":
            self.write(f"{self.text} {format_atoms(atoms)}".strip())
        elif selector == "clear":
            self.write("")
        elif selector != "select":
            self.handle_unknown(selector, atoms)

    def write(self, text: str) -> None:
        """Change the text without sending."""
        self.text = text
        self.patch.changed(self)

    def output(self) -> None:
        """Send the text."""
        if self.attribute("outputmode", 0):
            self.send(0, "text", (self.text,))
        else:
            self.send(0, "text", parse_atoms(self.text))

    def type(self, text: str, finish: bool) -> None:
        """Type a text letter by letter; `finish` presses Return."""
        self.write(text)
        for letter in text:
            self.send_number(1, ord(letter))
            self.send(3, "textchanged")
        if finish and self.attribute("keymode", 0):
            self.output()

    def stored(self) -> Any:
        """Return the value to store in the set, if it is a parameter."""
        return self.text

    def restore(self, value: Any) -> None:
        """Restore a value from the set, and send it."""
        self.write(str(value))
        self.output()

    def shown(self) -> str:
        """The text."""
        return self.text


class InvisibleButton(Face):
    """[ubutton]: an invisible button that reports mouse down and mouse up."""

    classes = ("ubutton",)
    inlets, outlets = (1,), 4

    def press(self) -> None:
        """Press the mouse: sends inside, position and down."""
        self.send_number(3, 1)
        self.send(2, "list", (1, 1))
        self.send(1, "bang")

    def release(self, inside: bool = True) -> None:
        """Release the mouse. Outside the button, only the third outlet is documented to report it."""
        self.send_number(3, int(inside))
        self.send(2, "list", (1, 1))
        if inside:
            self.send(0, "bang")

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Treat any message as a mouse release, which bangs."""
        if selector == "set":
            return
        self.send(0, "bang")
