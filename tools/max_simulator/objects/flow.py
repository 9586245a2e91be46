"""Message objects: prepend, route, trigger, defer, message boxes and similar."""

import re
from typing import ClassVar

from musearoo.tools.max_simulator.formats.atoms import Atom, as_atoms, as_message, as_number, parse_atoms
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.objects.base import Atoms, Face, MaxObject
from musearoo.tools.max_simulator.outside.clock import Thread

LONGEST_MESSAGE = 256
"""The maximum length in items of a message that `prepend` builds (its reference page)."""


class Prepend(MaxObject):
    """[prepend word …]: prepends the words to each message; a bang becomes the word `bang`."""

    classes = ("prepend",)
    inlets, outlets = (1,), 1

    def start(self) -> None:
        """Read the words in its box."""
        self._words = self.box.arguments

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Send the message with the words prepended."""
        if selector == "set":
            self._words = atoms
            return
        row = (*self._words, *as_atoms(selector, atoms))
        if len(row) > LONGEST_MESSAGE:
            self.patch.error(f"{self.box.place}: a message of {len(row)} items, {LONGEST_MESSAGE} is the longest")
            return
        self.send(0, *as_message(row))


class Route(MaxObject):
    """[route word …]: sends a message that begins with a word, without the word; sends others from the last outlet."""

    classes = ("route",)

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Return one inlet in old patches, or one more per word; one outlet per word and one for the rest."""
        words = len(self.box.arguments) or 1
        return (1, words + 1), words + 1

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Send the message by its first item."""
        if inlet > 0:
            raise PatchError(f"{self.box.place}: changing what it matches is not simulated.")
        row = as_atoms(selector, atoms)
        words = self.box.arguments or (0,)
        for outlet, word in enumerate(words):
            if row and _matches(word, row[0]):
                self.send(outlet, *as_message(row[1:]))
                return
        self.send(len(words), selector, atoms)


def _matches(word: Atom, first: Atom) -> bool:
    return isinstance(word, str) == isinstance(first, str) and word == first


class Select(MaxObject):
    """[sel value …]: sends a bang for a matching value; sends others from the last outlet."""

    classes = ("sel", "select")

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Return two inlets for one value, since the right one sets it; one outlet per value and one for the rest."""
        values = len(self.box.arguments) or 1
        return ((2,) if values == 1 else (1, values + 1)), values + 1

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Bang the outlet that matches."""
        if inlet > 0:
            raise PatchError(f"{self.box.place}: changing what it matches is not simulated.")
        row = as_atoms(selector, atoms)
        values = self.box.arguments or (0,)
        for outlet, value in enumerate(values):
            if len(row) == 1 and _matches(value, row[0]):
                self.send(outlet, "bang")
                return
        self.send(len(values), selector, atoms)


class Trigger(MaxObject):
    """[t b i l …]: sends each message from all outlets from right to left, each in its own type."""

    classes = ("t", "trigger")
    letters: ClassVar[dict[str, str]] = dict.fromkeys(("b", "bang"), "bang") | dict.fromkeys(("i", "int"), "int")
    letters |= dict.fromkeys(("f", "float"), "float") | dict.fromkeys(("l", "list"), "list")
    letters |= dict.fromkeys(("s", "symbol"), "symbol")

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Return one inlet, and one outlet per letter."""
        return (1,), len(self.box.arguments) or 2

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Send the message from right to left."""
        forms = self.box.arguments or ("i", "i")
        for outlet in reversed(range(len(forms))):
            self.send(outlet, *self._formed(forms[outlet], selector, atoms))

    def _formed(self, form: Atom, selector: str, atoms: Atoms) -> tuple[str, Atoms]:
        kind = self.letters.get(str(form)) if isinstance(form, str) else None
        first = atoms[0] if atoms and selector in ("int", "float", "list") else 0
        if kind is None:
            # Anything else in the box is a constant.
            return as_message((form,))
        if kind == "bang":
            return "bang", ()
        if kind == "int":
            return "int", (int(as_number(first)),)
        if kind == "float":
            return "float", (float(as_number(first)),)
        if kind == "list":
            return (selector, atoms) if selector != "bang" else ("int", (0,))
        return (selector, atoms) if selector not in ("bang", "int", "float", "list") else ("symbol", ("",))


class Defer(MaxObject):
    """[defer], [deferlow]: sends messages in the main thread, from the front or the end of the queue."""

    classes = ("defer", "deferlow")
    inlets, outlets = (1,), 1

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Queue the message; `defer` sends immediately when already in the main thread."""
        host = self.patch.host
        if self.box.class_name == "deferlow":
            host.defer_low(self.patch.alive(lambda: self.send(0, selector, atoms)))
        elif host.thread is Thread.SCHEDULER:
            host.defer(self.patch.alive(lambda: self.send(0, selector, atoms)))
        else:
            self.send(0, selector, atoms)


class MessageBox(Face):
    """A message box: sends its text with `$1` to `$9` replaced; commas separate messages."""

    classes = ("message",)
    inlets, outlets = (2,), 1

    def start(self) -> None:
        """Read the text in the box."""
        self._text: str = self.box.data.get("text", "")
        if ";" in self._text:
            raise PatchError(f"{self.box.place}: messages to a name (with a semicolon) are not simulated.")

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Send, or set a new text."""
        if selector == "set" or inlet == 1:
            self._text = " ".join(_quoted(atom) for atom in (atoms if selector == "set" else as_atoms(selector, atoms)))
            return
        given = () if selector == "bang" else as_atoms(selector, atoms)
        for part in self._text.split(","):
            text = re.sub(r"\$([1-9])", lambda found: _quoted(_item(given, int(found[1]))), part)
            if text.strip():
                self.send(0, *as_message(parse_atoms(text)))

    def shown(self) -> str:
        """Return its text."""
        return self._text


def _item(given: Atoms, number: int) -> Atom:
    return given[number - 1] if number <= len(given) else 0


def _quoted(atom: Atom) -> str:
    text = str(atom)
    return f'"{text}"' if isinstance(atom, str) and (" " in text or not text) else text


class LiveThisDevice(MaxObject):
    """[live.thisdevice]: bangs when the device is fully loaded; the middle outlet reports enabled and disabled."""

    classes = ("live.thisdevice",)
    inlets, outlets = (1,), 3

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Pass on a bang."""
        if selector == "bang":
            self.send(0, "bang")
        elif selector == "getstate":
            self.send_number(1, int(self.patch.is_enabled))
        else:
            self.handle_unknown(selector, atoms)


class FreeBang(MaxObject):
    """[freebang]: bangs when the device is deleted."""

    classes = ("freebang",)
    inlets, outlets = (1,), 1

    def free(self) -> None:
        """Send the bang."""
        self.send(0, "bang")

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Pass on a bang."""
        self.send(0, "bang")


class Midi(MaxObject):
    """[midiin], [midiout]: the MIDI bytes of the track, each as an int, in the scheduler thread."""

    classes = ("midiin", "midiout")

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Return one inlet; midiin has one outlet."""
        return (1,), 1 if self.box.class_name == "midiin" else 0

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Send the byte to the track (midiout)."""
        if self.box.class_name == "midiout" and selector in ("int", "list"):
            self.patch.midi_out += [int(as_number(atom)) for atom in atoms]
        else:
            self.handle_unknown(selector, atoms)
