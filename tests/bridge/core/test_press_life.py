"""The states of a press: which may follow which."""

from dataclasses import replace
from itertools import product

import pytest

from musearoo.bridge.core.events.incoming import Composed
from musearoo.bridge.core.press_life import FOLLOWERS, Dropping, InLive, InWork, Life, TakingBack, WaitingForLive
from musearoo.bridge.core.state import Press
from musearoo.bridge.core.undo import Step
from musearoo.bridge.protocol import Analyze
from tests.bridge.stage import a_script_hello

SCRIPT = a_script_hello()

LIVES: tuple[Life, ...] = (
    WaitingForLive(),
    Dropping(1, SCRIPT, "a:0:drop"),
    InWork(1, SCRIPT, None),
    InLive(1, SCRIPT, None, Composed(3.0, (1, 1), (), "bass")),
    TakingBack(1, SCRIPT, 3.0, (), Step("a:1", "bass")),
)
WAITING = Press((1, 1), "a:1", Analyze(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), 2.0)


def test_a_press_takes_only_the_steps_of_the_table() -> None:
    assert {type(life) for life in LIVES} == set(FOLLOWERS)
    for life, following in product(LIVES, LIVES):
        press = replace(WAITING, life=life)
        if type(following) in FOLLOWERS[type(life)]:
            assert press.become(following) == replace(WAITING, life=following), (life, following)
        else:
            with pytest.raises(ValueError, match=f"{type(life).__name__} cannot become {type(following).__name__}"):
                press.become(following)


def test_each_state_tells_what_it_has() -> None:
    presses = [replace(WAITING, life=life) for life in LIVES]
    assert [press.link for press in presses] == [0, 1, 1, 1, 1]
    assert [press.live for press in presses] == [None, SCRIPT, SCRIPT, SCRIPT, SCRIPT]
    assert [press.sent_at for press in presses] == [None, None, None, 3.0, 3.0]
