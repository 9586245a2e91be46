"""The player process: what it is asked for, steered, killed, and ended."""

from __future__ import annotations

import os
import queue
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from musearoo.bridge.ambient.messages import (
    FadeOut,
    FollowSet,
    FromPlayer,
    Over,
    PlayerOptions,
    Playing,
    Sound,
    Steer,
    Trouble,
    Want,
)
from musearoo.bridge.ambient.player import Player
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.scale import Key
from tests.engines.audio.endless.some_sound import an_ambience

Told = queue.SimpleQueue[FromPlayer]
Kind = TypeVar("Kind", bound=FromPlayer)
WITHIN = 60.0


@pytest.fixture
def told() -> Told:
    """What the player told."""
    return queue.SimpleQueue()


@pytest.fixture
def player(told: Told, tmp_path: Path) -> Iterator[Player]:
    """A player without a card."""
    options = PlayerOptions(seed=3, steering=Steering(), log=str(tmp_path / "ambience.log"))
    made = Player(options, told.put)
    yield made
    made.close()


def until(told: Told, kind: type[Kind], is_it: object = None) -> Kind:
    """The next message of a kind, or that one of them."""
    ends = time.monotonic() + WITHIN
    while time.monotonic() < ends:
        message = told.get(timeout=WITHIN)
        if isinstance(message, kind) and (is_it is None or is_it(message)):  # type: ignore[operator]
            return message
    raise AssertionError(f"no {kind.__name__}")


def test_it_renders_what_is_wanted_as_the_music_is(player: Player, told: Told) -> None:
    player.steer(Want(3 * BLOCK))
    ambience = an_ambience()
    for number in range(3):
        sound = until(told, Sound)
        assert sound.at == number * BLOCK
        expected = (np.clip(ambience.render().T, -1.0, 1.0) * 32767.0).astype("<i2")
        assert np.array_equal(np.frombuffer(sound.data, "<i2").reshape(-1, 2), expected)
    assert until(told, Playing).at == 3 * BLOCK, "no further than is wanted"


def test_it_is_steered_and_tells_how_it_goes(player: Player, told: Told) -> None:
    player.steer(Want(BLOCK))
    first = until(told, Playing)
    assert (first.preset, first.key) == ("drift", "D dorian")
    assert first.chords[0][0] <= 0.0 < first.chords[1][0]
    player.steer(Steer(Steering(preset="glass")))
    player.steer(Want(2 * RATE))
    glass = until(told, Playing, lambda playing: playing.preset == "glass")
    assert {layer for layer, _ in glass.layers} <= {"pad", "bells", "texture", "melody"}
    assert until(told, Playing, lambda playing: playing.heard_after > 0.0)


def test_killed_it_goes_on_where_it_was(player: Player, told: Told) -> None:
    player.steer(Want(9 * RATE))
    at = until(told, Playing, lambda playing: playing.at >= 9 * RATE).at
    assert player.pid is not None
    os.kill(player.pid, signal.SIGKILL)
    assert "goes on where it was" in until(told, Trouble).sentence
    player.steer(Want(10 * RATE))
    again = until(told, Sound)
    assert abs(again.at - at) <= 2 * BLOCK
    assert until(told, Playing, lambda playing: playing.at >= 10 * RATE).preset == "drift"


def test_it_fades_out_and_ends(player: Player, told: Told) -> None:
    player.steer(Want(2 * RATE))
    until(told, Playing, lambda playing: playing.at >= 2 * RATE)
    player.steer(FadeOut())
    until(told, Over)


def test_one_that_dies_at_once_again_and_again_is_given_up(told: Told, tmp_path: Path) -> None:
    # A fault of ours, which each process meets anew.
    broken: Any = None
    player = Player(PlayerOptions(seed=3, steering=broken, log=str(tmp_path / "a.log")), told.put)
    assert "again and again" in until(told, Trouble, lambda trouble: "log" in trouble.sentence).sentence
    until(told, Over)
    player.close()


def test_what_another_process_would_meet_too_is_told_once(told: Told, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.wav")
    options = PlayerOptions(seed=3, steering=Steering(), log=str(tmp_path / "ambience.log"), source=missing)
    player = Player(options, told.put)
    assert "none.wav" in until(told, Trouble).sentence
    until(told, Over)
    player.close()
    assert told.empty(), "no other process was started"


def test_a_set_is_followed_by_the_process_that_comes_after(player: Player, told: Told) -> None:
    player.steer(FollowSet(MusicalContext.plain(bpm=97.0, meter="4/4", key=Key.parse("F minor"), chords=())))
    until(told, Playing, lambda each: each.key == "F minor")
    assert player.pid is not None
    os.kill(player.pid, signal.SIGKILL)
    until(told, Trouble)
    assert until(told, Playing).key == "F minor"
