"""The band's timeout: a late engine is skipped, and a failing one fails alone."""

import threading
from dataclasses import replace

from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import EngineRecord, find_engine
from musearoo.engines.players.band.fallbacks import PartTask, play_safely
from tests.engines.presets_on_disk import STYLES

DRUMS = find_engine("drums")
NEVER = threading.Event()


def task(engine: EngineRecord) -> PartTask:
    """A bar of rock."""
    return PartTask(engine, engine.params(style=STYLES["rock"], bars=1), MusicalContext.plain(), 1)


def breaks(*_: object) -> Clip:
    raise ZeroDivisionError("no tempo")


def hangs(*_: object) -> Clip:
    NEVER.wait(30.0)
    raise AssertionError("nobody waits for this")


def test_everybody_plays_in_order() -> None:
    outcomes = play_with_patience([task(DRUMS), task(replace(DRUMS, generate=breaks)), task(DRUMS)])
    assert isinstance(outcomes[0], Clip)
    assert isinstance(outcomes[1], ZeroDivisionError)
    assert outcomes[2] == outcomes[0]


def test_who_is_late_is_left_behind() -> None:
    late = replace(DRUMS, generate=hangs)
    outcomes = play_with_patience([task(DRUMS), task(late), task(DRUMS)], late_after=0.2)
    assert isinstance(outcomes[1], TimeoutError)
    assert outcomes[2] == outcomes[0]
    NEVER.set()


def test_bands_share_a_thread_until_one_is_late_in_it() -> None:
    gate, threads = threading.Event(), list[threading.Thread]()

    def plays(*_: object) -> Clip:
        threads.append(threading.current_thread())
        return Clip("Bar", 4.0)

    def is_late(*_: object) -> Clip:
        gate.wait(30.0)
        return plays()

    player = task(replace(DRUMS, generate=plays))
    for _ in range(3):
        play_with_patience([player, player])
    assert len(set(threads)) == 1
    late, *_ = threads
    play_with_patience([task(replace(DRUMS, generate=is_late)), player], late_after=0.2)
    assert threads[-1] is not late
    play_with_patience([player])
    assert threads[-1] is threads[-2]
    gate.set()
    late.join(10.0)
    assert not late.is_alive(), "it has played to its end, and waits for no more"


def test_a_failing_engine_ends_in_a_sentence() -> None:
    (take,) = play_safely([task(replace(DRUMS, generate=breaks))], play_with_patience)
    assert take.fallback == "DrummaRoo failed (no tempo): it stays silent."
    assert take.clip.notes == ()
