"""The sound card of JACK's dummy driver: played on, steered, lost and back, missing."""

from __future__ import annotations

import queue
from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.ambient.messages import FadeOut, FromPlayer, Over, PlayerOptions, Playing, Steer, Trouble
from musearoo.bridge.ambient.player import Player
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.synth import RATE
from musearoo.tools.bench.midi.jack import jack_server
from tests.bridge.ambient.test_player import until
from tests.bridge.speech.jack import needs_jack
from tests.optional import require

pytestmark = needs_jack
require("sounddevice")


def options(tmp_path: Path, card: str = "") -> PlayerOptions:
    return PlayerOptions(seed=3, steering=Steering(preset="tape"), log=str(tmp_path / "ambience.log"), card=card)


def test_it_plays_is_steered_loses_the_card_and_has_it_back(tmp_path: Path) -> None:
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    with jack_server() as server:
        player = Player(options(tmp_path), told.put)
        try:
            playing = until(told, Playing, lambda each: each.at > RATE)
            assert 0.2 < playing.ahead < 1.0
            player.steer(Steer(replace(Steering(preset="tape"), brightness=1.0)))
            assert until(told, Playing, lambda each: each.heard_after > 0.0).heard_after < 5.0
            server.kill()
            assert "has gone" in until(told, Trouble).sentence
            server.start_again()
            at = until(told, Playing).at
            until(told, Playing, lambda each: each.at > at + RATE)
            player.steer(FadeOut())
            until(told, Over)
        finally:
            player.close()


def test_a_card_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    with jack_server():
        player = Player(options(tmp_path, "Gramophone"), told.put)
        try:
            assert "No sound card is called “Gramophone”: there are" in until(told, Trouble).sentence
        finally:
            player.close()


def test_without_any_card_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "musearoo-none")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    player = Player(options(tmp_path), told.put)
    try:
        assert "cannot be opened" in until(told, Trouble).sentence
    finally:
        player.close()
