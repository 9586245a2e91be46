"""Numbers of analysis and sound as they were kept: for outcomes in floating point, which no two machines round alike.

A folder of tests has a line a case in `numbers.txt`, and `test_snapshots.py` there yields the cases, by the module that
they are about. Short rows stand in the line whole, long ones by their shape, norm and two sums with fixed weights. A
decision must be the same, and a number may be off by `SHARE`. When a change is meant: `python -m
tests.regenerate_snapshots`, and look at what it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import groupby
from pathlib import Path

import msgspec
import numpy as np

Outcome = tuple[str, object]
"""The name of a case, and what came out."""
Cases = Mapping[str, Callable[[], Iterable[Outcome]]]

SHARE = 3e-4
"""What a number may be off by, beside itself or the norm of its row: float32 leaves a thousandth of that."""
NOTHING = 2e-6
WHOLE = 10
"""Rows of more numbers are kept by their sums."""


def check_numbers(folder: Path, module: str, outcomes: Iterable[Outcome]) -> None:
    """Compares the outcomes of a module's cases with those that a folder keeps, one after the other."""
    kept = [line for line in _read(folder) if line.startswith(f"{module} ")]
    met = 0
    for number, (name, now) in enumerate(_lines(outcomes)):
        head, _, row = (kept[number] if number < len(kept) else "nothing: ").partition(": ")
        assert head == f"{module} {name}", f"{head} comes where {module} {name} is"
        before = row.split()
        off = [pair for pair in zip(before, now, strict=False) if not _is_same(*pair)]
        assert not off, f"{head}: kept and now {off[:3]}; when meant: python -m tests.regenerate_snapshots"
        assert len(before) == len(now), f"{head}: {len(now)} values, and {len(before)} are kept"
        met += 1
    assert met == len(kept), f"{module}: cases are missing"


def write_numbers(cases: Cases) -> str:
    """What `numbers.txt` keeps of the cases of a folder."""
    return "".join(
        f"{module} {name}: {' '.join(words)}\n"
        for module, outcomes in cases.items()
        for name, words in _lines(outcomes())
    )


def _lines(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, list[str]]]:
    """The words of each line: what comes under one name in a row stands in one."""
    for name, group in groupby(outcomes, key=lambda each: each[0]):
        yield name, [word for _, outcome in group for word in write_tokens(outcome)]


def write_tokens(value: object) -> Iterator[str]:
    """A value as words without spaces: decisions as they are, numbers to six digits."""
    match value:
        case Enum():
            yield value.name
        case bool() | int() | None:
            yield repr(value)
        case str():
            yield value.replace(" ", "_") or "''"
        case float() | np.floating():
            yield _number(float(value))
        case np.generic():
            yield from write_tokens(value.item())
        case np.ndarray():
            yield from _row(value)
        case BaseException():
            yield type(value).__name__
        case Mapping():
            yield f"#{len(value)}"
            for key, each in value.items():
                yield from write_tokens(key)
                yield from write_tokens(each)
        case tuple() | list():
            yield f"#{len(value)}"
            if len(value) > WHOLE and all(isinstance(each, float) for each in value):
                yield from _row(np.array(value))
            else:
                for each in value:
                    yield from write_tokens(each)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from write_tokens(getattr(value, name))
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from write_tokens(getattr(value, field.name))
        case _:
            raise TypeError(f"{type(value).__name__} has no words")


def _row(row: np.ndarray) -> Iterator[str]:
    if row.dtype == np.complex64:
        row = np.stack([row.real, row.imag])
    flat = np.ravel(row).astype(np.float64)
    shape = "x".join(map(str, row.shape))
    if flat.size <= WHOLE:
        yield f"@{shape}"
        yield from (_number(each) for each in flat)
        return
    places = np.arange(flat.size, dtype=np.float64)
    # Evenly strewn and never in step with what a row repeats.
    weights = np.stack([(places * 0.7548776662) % 1.0 - 0.5, (places * (places + 1.0) * 0.6180339887) % 1.0 - 0.5])
    yield ";".join([f"~{shape}", *map(_number, (np.linalg.norm(flat), *(weights @ flat)))])


def _number(value: float) -> str:
    return f"{value:.6g}" if abs(value) > NOTHING else "0"


def _is_same(kept: str, now: str) -> bool:
    if kept == now:
        return True
    one, other = kept.split(";"), now.split(";")
    if len(one) != len(other) or (len(one) > 1 and one[0] != other[0]):
        return False
    if len(one) == 1 and not _is_fraction(kept) and not _is_fraction(now):
        return False
    try:
        before, after = ([float(each) for each in words[len(words) > 1 :]] for words in (one, other))
    except ValueError:
        return False
    return all(abs(a - b) <= SHARE * max(abs(a), abs(before[0])) + NOTHING for a, b in zip(before, after, strict=True))


def _is_fraction(word: str) -> bool:
    return "." in word or "e" in word


def _read(folder: Path) -> list[str]:
    return (folder / "numbers.txt").read_text(encoding="utf-8").splitlines()
