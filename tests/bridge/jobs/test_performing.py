"""A second try has the room that the first one took: nothing of that is held any more, by an error or by the shelf."""

import weakref

import numpy as np

from musearoo.bridge.jobs.contract import Arrays, Params, Progress, Report
from musearoo.bridge.jobs.kinds import JobKind
from musearoo.bridge.jobs.performing import Reporter, perform
from musearoo.engines.neural.model_cache import CACHE
from tests.each_case import each_case

_first_try: list["weakref.ref[Work]"] = []


class Work:
    """Something large."""


def starve(params: Params, _arrays: Arrays, _report: Report) -> tuple[Params, Arrays]:
    """Runs out of memory the first time; the second tells whether anything is left of that."""
    work = Work()
    work.__dict__["itself"] = work  # only a collector finds a cycle
    if not _first_try:
        _first_try.append(weakref.ref(work))
        CACHE.take("a model of tests", Work, 10)
        try:
            raise MemoryError
        except MemoryError as error:
            raise RuntimeError("MPS backend out of memory") from error
    return {**params, "is_free": _first_try[0]() is None, "models": list(CACHE.names)}, {}


def take_less(params: Params, _arrays: Arrays) -> Params:
    return {**params, "is_small": True}


@each_case(
    "shrink, data, texts",
    [
        ("", {"is_free": True, "models": []}, ["", ""]),
        (f"{__name__}:take_less", {"is_small": True, "is_free": True, "models": []}, ["", "with less memory"]),
    ],
)
def test_a_second_try_has_the_room_of_the_first(shrink: str, data: Params, texts: list[str]) -> None:
    _first_try.clear()
    told: list[Progress] = []
    report = Reporter(told.append, lambda: False)
    kind = JobKind(f"{__name__}:starve", shrink=shrink)
    result, _ = perform("starve", kind, {}, {"samples": np.zeros(3)}, report)
    assert result == data
    assert [told[0].text, report.remark] == texts
