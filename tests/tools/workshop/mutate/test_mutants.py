"""The faults: each kind of them, where none is made, and that a fault is one and leaves the rest as it is."""

from __future__ import annotations

import ast

from musearoo.tools.workshop.mutate.mutants import find_mutants
from musearoo.tools.workshop.mutate.scope import core_modules, read_source, sample_mutants
from tests.each_case import each_case


def faults(body: str, head: str = "def f(a, b):") -> dict[str, list[str]]:
    """The changed lines of a function's body, by operator."""
    found: dict[str, list[str]] = {}
    for mutant in find_mutants(f"{head}\n    {body}\n"):
        found.setdefault(mutant.operator, []).append(mutant.after)
    return found


@each_case(
    "body, operator, expected",
    [
        ("return (a) < (b)", "boundary", ["return (a) <= (b)"]),
        ("return a >= b", "comparison", ["return a < b"]),
        ("return a  not  in b", "comparison", ["return a  in b"]),
        ("return a is None", "comparison", ["return a is not None"]),
        ("return a < b < 3", "boundary", ["return a <= b < 3", "return a < b <= 3"]),
        ("return a and b", "and/or", ["return a or b"]),
        ("return not a", "sign", ["return (a)"]),
        ("return -a", "sign", ["return (a)"]),
        ("return a ** b", "arithmetic", ["return a * b"]),
        ("a += b", "arithmetic", ["a -= b"]),
        ("return 4", "constant", ["return 5", "return 3"]),
        ("return True", "constant", ["return False"]),
        ("return 0.3 * a", "constant", ["return 0.0 * a"]),
        ("return a[1:b]", "slice", ["return a[:b]", "return a[1:]"]),
        ("return min(a, b)", "call", ["return max(a, b)"]),
        ("a.append(b)", "deletion", ["pass"]),
        ("a.b = 1", "deletion", ["pass"]),
        ("if a: b.c()", "condition", ["if not (a): b.c()"]),
        ("if a: b.c()", "branch", ["if a: pass"]),
        ("return [c for c in a if c < b]", "condition", ["return [c for c in a if True]"]),
        ("raise ValueError(a)", "deletion", ["pass"]),
    ],
)
def test_a_fault_of_each_kind(body: str, operator: str, expected: list[str]) -> None:
    assert faults(body)[operator] == expected


def test_what_is_returned_is_replaced_by_what_the_function_may_return() -> None:
    assert faults("return a", "def f(a) -> bool:")["return"] == ["return True", "return False"]
    assert faults("return a", "def f(a) -> tuple[int, ...]:")["return"] == ["return ()"]
    assert faults("return a", "def f(a) -> int | None:")["return"] == ["return None"]
    assert "return" not in faults("return None", "def f(a) -> int | None:")


@each_case(
    "source",
    [
        "LIMIT = 4 if 3 > 2 else 5",
        "class A:\n    size: int = 4",
        "def f(a: 'int | None' = 4, *, b=-1): ...",
        "@cache(size=4)\ndef f(): ...",
        'def f():\n    """Is 4 < 5."""',
        'def f(a):\n    raise ValueError(f"{a + 1} is above {4}", 5)',
        'def f(a):\n    return f"{a + 1}"',
        "def f(a):\n    assert a < 4",
        "def f(a):\n    b = a\n    b: int",
    ],
)
def test_values_texts_and_names_that_would_be_missing_are_left_alone(source: str) -> None:
    left = [mutant for mutant in find_mutants(source) if mutant.operator not in ("return", "deletion")]
    assert left == []
    assert all("raise" in mutant.before for mutant in find_mutants(source) if mutant.operator == "deletion")


def test_a_name_that_is_bound_before_may_miss_being_bound_again() -> None:
    deleted = [mutant.before for mutant in find_mutants("def f(a):\n    b = 1\n    b = a\n    a = b\n    return a")
               if mutant.operator == "deletion"]  # fmt: skip
    assert deleted == ["b = a", "a = b"]


def test_every_fault_of_a_sample_of_the_core_can_be_compiled_and_is_one() -> None:
    sample = sample_mutants(core_modules()[::9], 300, 1)
    assert len(sample) == 300
    for path, mutant in sample:
        source = read_source(path)
        changed = mutant.apply(source)
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(source)), (path, mutant)
        lines = source.encode().splitlines()
        assert changed.encode().splitlines()[: mutant.line - 1] == lines[: mutant.line - 1]
        assert lines[mutant.line - 1].decode().strip() == mutant.before.splitlines()[0]
