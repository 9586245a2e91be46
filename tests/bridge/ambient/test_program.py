"""Another program that takes the sound: another process, which reads at its own pace, ends and comes back."""

from __future__ import annotations

import os
import queue
import signal
import sys
from pathlib import Path

import numpy as np

from musearoo.bridge.ambient.messages import FadeOut, FromPlayer, Over, PlayerOptions, Playing, Trouble
from musearoo.bridge.ambient.player import Player
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.synth import RATE
from musearoo.tools.bench.ambient.measures import find_clicks
from tests.bridge.ambient.test_player import until

READER = """
import os, sys, time
out = open(sys.argv[1], "ab")
open(sys.argv[1] + ".pid", "w").write(str(os.getpid()))
assert os.environ["MUSEAROO_RATE"] == "48000" and os.environ["MUSEAROO_CHANNELS"] == "2"
began, taken = time.monotonic(), 0
while data := sys.stdin.buffer.read(4 * 2400):
    out.write(data); out.flush()
    taken += len(data) // 4
    time.sleep(max(0.0, began + taken / 48000 / PACE - time.monotonic()))
"""
"""A program that takes sound as a card would, so many times as fast."""


def options(tmp_path: Path, pace: float) -> PlayerOptions:
    script = tmp_path / "reader.py"
    script.write_text(READER.replace("PACE", str(pace)), encoding="utf-8")
    return PlayerOptions(
        seed=3,
        steering=Steering(preset="choir"),
        log=str(tmp_path / "ambience.log"),
        program=(sys.executable, str(script), str(tmp_path / "taken.raw")),
    )


def taken(tmp_path: Path) -> np.ndarray:
    data = (tmp_path / "taken.raw").read_bytes()
    return np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2).T.astype(np.float32) / 32767.0


def test_a_program_sets_the_pace_and_gets_every_sample(tmp_path: Path) -> None:
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    player = Player(options(tmp_path, 2.0), told.put)
    try:
        playing = until(told, Playing, lambda each: each.at > 4 * RATE)
        assert playing.ahead < 1.5
        player.steer(FadeOut())
        until(told, Over)
    finally:
        player.close()
    sound = taken(tmp_path)
    assert sound.shape[1] > 4 * RATE
    assert find_clicks(sound) == []
    assert np.sqrt(np.mean(sound[:, RATE : 3 * RATE] ** 2)) > 0.005


def test_a_program_that_ends_is_started_again_and_the_music_goes_on(tmp_path: Path) -> None:
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    player = Player(options(tmp_path, 4.0), told.put)
    try:
        at = until(told, Playing, lambda each: each.at > RATE).at
        os.kill(int((tmp_path / "taken.raw.pid").read_text()), signal.SIGTERM)
        assert "has ended" in until(told, Trouble).sentence
        assert "runs again" in until(told, Trouble).sentence
        assert until(told, Playing, lambda each: each.at > at + RATE).at > at + RATE
    finally:
        player.close()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    missing = PlayerOptions(seed=3, steering=Steering(), log=str(tmp_path / "log"), program=("no-such-program-here",))
    player = Player(missing, told.put)
    try:
        assert "no-such-program-here cannot be started: " in until(told, Trouble).sentence
    finally:
        player.close()
