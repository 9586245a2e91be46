"""The warm-up: all its steps, one after the other, in no request's way."""

import gc
import logging
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from musearoo.bridge.process.gc_control import NEW_OBJECTS
from musearoo.bridge.services.warm_up import SWITCH_MEANWHILE, WarmUp, engine_steps
from musearoo.engines.analysis.groove import swing
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.params import EngineParams
from tests.engines.presets_on_disk import STYLES

USUAL = 0.003
"""A switch interval that neither Python nor the warm-up has."""


def end(warming: WarmUp) -> None:
    """Wait for the step that runs; those that have not begun are left out."""
    warming.close()
    for thread in threading.enumerate():
        if thread.name.startswith("warm-up"):
            thread.join(10)


@pytest.fixture(autouse=True)
def _the_process_stays_as_it_was() -> Iterator[None]:
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)


def test_each_step_runs_even_after_one_that_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("musearoo"), "propagate", True)
    during, done = [], threading.Event()
    ran: list[str] = []

    def fail() -> None:
        ran.append("fails")
        during.append(sys.getswitchinterval())
        raise ValueError("a broken engine")

    warming = WarmUp(lambda: False, USUAL)
    warming.start((fail, lambda: ran.append("next"), done.set))
    assert done.wait(10)
    until = time.monotonic() + 10
    while sys.getswitchinterval() != pytest.approx(USUAL) and time.monotonic() < until:
        time.sleep(0.005)
    end(warming)
    assert ran == ["fails", "next"]
    assert "a broken engine" in caplog.text
    assert during == [pytest.approx(SWITCH_MEANWHILE)]
    assert sys.getswitchinterval() == pytest.approx(USUAL)
    assert gc.get_threshold()[0] == NEW_OBJECTS


def test_steps_that_have_not_begun_are_left_out_at_the_end() -> None:
    begun, go = threading.Event(), threading.Event()
    ran: list[str] = []

    def first() -> None:
        begun.set()
        go.wait(10)
        ran.append("first")

    warming = WarmUp(lambda: False, USUAL)
    warming.start((first, lambda: ran.append("second")))
    assert begun.wait(10)
    warming.close()
    go.set()
    end(warming)
    assert ran == ["first"]


def test_steps_wait_while_requests_are_under_way() -> None:
    # Two looks at a busy daemon, then it is not.
    answers, asked, done = iter((1, 1, 0)), [], threading.Event()

    def is_busy() -> int:
        answer = next(answers, 0)
        asked.append(answer)
        return answer

    warming = WarmUp(is_busy, USUAL)
    warming.start((done.set,))
    assert done.wait(10)
    end(warming)
    assert asked[:3] == [1, 1, 0]


def test_every_engine_plays_in_every_style() -> None:
    played: list[tuple[str, str]] = []

    def noted(engine: EngineRecord) -> EngineRecord:
        def generate(params: EngineParams, context: MusicalContext, seed: int) -> Clip:
            played.append((params.style.name, engine.name))
            return engine.generate(params, context, seed)

        return replace(engine, generate=generate)

    few = dict(list(STYLES.items())[:3])
    for step in engine_steps([noted(engine) for engine in ENGINES], few):
        step()
    assert set(played) == {(style.name, engine.name) for style in few.values() for engine in ENGINES}
    # A press may come early: no engine is played again before all have been.
    assert len({engine for _, engine in played[: len(ENGINES)]}) == len(ENGINES)


def test_what_the_first_reading_of_a_scene_works_out_is_ready() -> None:
    swing._hypotheses.cache_clear()
    for step in engine_steps(ENGINES, dict(list(STYLES.items())[:1])):
        step()
    assert swing._hypotheses.cache_info().currsize == 1


def test_it_is_done_once_no_step_runs_or_waits() -> None:
    gate = threading.Event()
    warming = WarmUp(lambda: False, USUAL)
    assert warming.is_done
    warming.start([lambda: gate.wait(10.0)])
    assert not warming.is_done
    gate.set()
    until = time.monotonic() + 10.0
    while not warming.is_done:
        assert time.monotonic() < until
        time.sleep(0.005)
    end(warming)
