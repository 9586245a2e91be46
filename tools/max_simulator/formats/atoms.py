"""Max's messages: a selector and atoms, and the text that stands for them in boxes.

>>> parse_atoms('set "Own track" 3 0.5')
('set', 'Own track', 3, 0.5)
>>> as_message((1, 2))
('list', (1, 2))
"""

import re
from collections.abc import Iterable
from typing import TypeAlias

Atom: TypeAlias = int | float | str

WHOLE = re.compile(r"[+-]?\d+\Z")
REAL = re.compile(r"[+-]?(\d+\.\d*|\.\d+)([eE][+-]?\d+)?\Z|[+-]?\d+[eE][+-]?\d+\Z")
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)(?:[^\s\\]|\\.)*)', re.DOTALL)

FLOAT_DIGITS = 6
"""Significant digits with which Max shows a float in a text."""


def parse_atoms(text: str) -> tuple[Atom, ...]:
    """The atoms of a text as a box reads it: blanks between, double quotes around what holds together."""
    atoms: list[Atom] = []
    for found in TOKEN.finditer(text):
        quoted, plain = found.groups()
        atoms.append(_unescape(quoted) if quoted is not None else parse_atom(plain))
    return tuple(atoms)


def parse_atom(word: str) -> Atom:
    """One word as an int, a float or a symbol.

    >>> [parse_atom(word) for word in ("8", "-1.", "3rd")]
    [8, -1.0, '3rd']
    """
    if WHOLE.match(word):
        return int(word)
    if REAL.match(word):
        return float(word)
    return _unescape(word)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def format_atom(atom: Atom) -> str:
    """An atom as Max shows it.

    >>> format_atom(120.0), format_atom(0.1 + 0.2)
    ('120.', '0.3')
    """
    if isinstance(atom, float):
        text = f"{atom:.{FLOAT_DIGITS}g}"
        return text if "." in text or "e" in text or "n" in text else f"{text}."
    return str(atom)


def format_atoms(atoms: Iterable[Atom]) -> str:
    """Atoms as a text object shows them, blanks between."""
    return " ".join(format_atom(atom) for atom in atoms)


def as_message(atoms: tuple[Atom, ...]) -> tuple[str, tuple[Atom, ...]]:
    """The selector and the rest: what begins with a number is an int, a float or a list, nothing at all is a bang.

    >>> as_message(("drums", 1)), as_message(()), as_message((2.5,))
    (('drums', (1,)), ('bang', ()), ('float', (2.5,)))
    """
    if not atoms:
        return "bang", ()
    first, rest = atoms[0], atoms[1:]
    if not isinstance(first, str):
        if rest:
            return "list", atoms
        return ("float" if isinstance(first, float) else "int"), atoms
    if first in ("list", "int", "float") and rest and not isinstance(rest[0], str):
        # "int 5" is the same message as 5.
        return as_message(rest)
    return first, rest


def as_atoms(selector: str, atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """The message as one row of atoms, the inverse of `as_message`; a bang is the word.

    >>> as_atoms("list", (1, 2)), as_atoms("drums", (1,)), as_atoms("bang", ())
    ((1, 2), ('drums', 1), ('bang',))
    """
    if selector in ("int", "float", "list") and atoms:
        return atoms
    if selector == "symbol" and len(atoms) == 1:
        return atoms
    return (selector, *atoms)


def as_number(atom: Atom) -> float:
    """The atom as a number; a symbol counts as 0, as for Max's `atom_getfloat`."""
    return 0 if isinstance(atom, str) else atom
