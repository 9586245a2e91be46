"""Loops over a list of cases inside one test, where items of pytest's own would be a thousand and cost more than the
cases do. The case that fails stands in the error's notes.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

Test = Callable[..., None]


def each_case(names: str, cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Return a decorator that runs a test for each case, with the arguments that `names` names, commas between.

    It is called as `pytest.mark.parametrize` is, and can be stacked. The test's other arguments are fixtures, which
    all cases share. Raises ValueError without cases.
    """
    wanted = tuple(name.strip() for name in names.split(","))
    every = tuple(cases)
    if not every:
        raise ValueError(f"no cases of {names}: the test would prove nothing")

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def loop(**fixtures: object) -> None:
            for case in every:
                values = case if len(wanted) > 1 else (case,)
                try:
                    test(**dict(zip(wanted, values, strict=True)), **fixtures)
                except BaseException as error:
                    error.add_note(f"in the case {names} = {_show(case)}")
                    raise

        signature = inspect.signature(test)
        rest = [parameter for name, parameter in signature.parameters.items() if name not in wanted]
        # What pytest reads the fixtures from.
        loop.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        return loop

    return decorate


def _show(case: object) -> str:
    text = repr(getattr(case, "name", case))
    return text if len(text) <= 200 else f"{text[:200]}…"
