"""Max's messages, a selector and atoms, and their text form in boxes.

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
"""Significant digits of a float that Max shows as text."""


def parse_atoms(text: str) -> tuple[Atom, ...]:
    """Return the atoms of a text as a box parses it: separated by blanks, with double quotes around an atom with
    blanks.
    """
    atoms: list[Atom] = []
    for found in TOKEN.finditer(text):
        quoted, plain = found.groups()
        atoms.append(_unescape(quoted) if quoted is not None else parse_atom(plain))
    return tuple(atoms)


def parse_atom(word: str) -> Atom:
    """Return one word as an int, a float or a symbol.

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
    """Return an atom as Max displays it.

    >>> format_atom(120.0), format_atom(0.1 + 0.2)
    ('120.', '0.3')
    """
    if isinstance(atom, float):
        text = f"{atom:.{FLOAT_DIGITS}g}"
        return text if "." in text or "e" in text or "n" in text else f"{text}."
    return str(atom)


def format_atoms(atoms: Iterable[Atom]) -> str:
    """Return atoms as a text object displays them, separated by blanks."""
    return " ".join(format_atom(atom) for atom in atoms)


def as_message(atoms: tuple[Atom, ...]) -> tuple[str, tuple[Atom, ...]]:
    """Return the selector and arguments. A leading number makes an int, a float or a list; no atoms make a bang.

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
    """Return the message as one tuple of atoms, the inverse of `as_message`; a bang becomes the word.

    >>> as_atoms("list", (1, 2)), as_atoms("drums", (1,)), as_atoms("bang", ())
    ((1, 2), ('drums', 1), ('bang',))
    """
    if selector in ("int", "float", "list") and atoms:
        return atoms
    if selector == "symbol" and len(atoms) == 1:
        return atoms
    return (selector, *atoms)


def as_number(atom: Atom) -> float:
    """Return the atom as a number; a symbol counts as 0, as in Max's `atom_getfloat`."""
    return 0 if isinstance(atom, str) else atom
