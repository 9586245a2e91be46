"""`musearoo ambient`: files, presets, wrong usage, and the screen with its keys."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from musearoo.bridge.ambient.messages import Playing
from musearoo.bridge.audio.files import read_audio
from musearoo.bridge.cli import main
from musearoo.bridge.commands.ambient.screen import draw, turn
from musearoo.engines.ambient.steering import MOODS, Steering
from tests.engines.ambient.some_music import presets
from tests.engines.audio.endless.some_sound import an_ambience

Output = pytest.CaptureFixture[str]


def test_a_file_is_as_long_as_was_asked_for_and_the_same_with_the_same_seed(tmp_path: Path, capsys: Output) -> None:
    sounds = []
    for name in ("a.wav", "b.wav"):
        words = ["ambient", "--preset", "rain", "--seconds", "4", "--seed", "9", "--key", "F# minor", "--json"]
        assert main([*words, "--out", str(tmp_path / name)]) == 0
        made = json.loads(capsys.readouterr().out)
        assert (made["preset"], made["seed"], made["rate"]) == ("rain", 9, 48_000)
        assert made["seconds"] == pytest.approx(4.0, abs=0.1)
        sounds.append((tmp_path / name).read_bytes())
    assert sounds[0] == sounds[1]
    assert read_audio(tmp_path / "a.wav").samples.shape[0] == 2


def test_grains_are_taken_from_a_file_of_the_users(tmp_path: Path, capsys: Output) -> None:
    assert (
        main(["ambient", "--preset", "tape", "--seconds", "2", "--seed", "1", "--out", str(tmp_path / "own.wav")]) == 0
    )
    words = ["ambient", "--preset", "rain", "--seconds", "3", "--seed", "1", "--out"]
    assert main([*words, str(tmp_path / "a.flac")]) == 0
    assert main([*words, str(tmp_path / "b.flac"), "--grains", str(tmp_path / "own.wav")]) == 0
    assert (tmp_path / "a.flac").read_bytes() != (tmp_path / "b.flac").read_bytes()
    assert "seed 1" in capsys.readouterr().out


def test_presets_are_listed(capsys: Output) -> None:
    assert main(["ambient", "--list"]) == 0
    assert "night bus" in capsys.readouterr().out
    assert main(["ambient", "--list", "--json"]) == 0
    assert {each["name"] for each in json.loads(capsys.readouterr().out)} == set(presets())


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["--preset", "polka"], 2, "preset must be one of"),
        (["--key", "H"], 2, "key"),
        (["--plan", "sideways"], 2, "plan must be two moods"),
        (["--out", "a.aac"], 2, "out must be card or a file"),
        (["--grains", "none.wav", "--out", "a.wav"], 1, "none.wav"),
        (["--bars", "4"], 2, "bars must be left out unless"),
        (["--out", "clip", "--space", "0.4"], 2, "--space must be left out with --out clip"),
        (["--out", "stream", "--seed", "4"], 2, "--seed must be left out with --out stream"),
        (["--out", "clip"], 1, "musearoo run"),
    ],
)
def test_what_is_wrong_is_said(
    words: list[str], status: int, sentence: str, capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["ambient", *words]) == status
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_keys_turn_what_they_say() -> None:
    shipped, steering = list(presets().values()), Steering(preset="glass")
    assert turn(steering, "up", shipped).brightness == pytest.approx(0.9)
    assert turn(Steering(density=0.05), "left", shipped).density == 0.0
    assert turn(steering, "1", shipped).preset == shipped[0].name
    assert turn(steering, "9", shipped) == steering
    assert turn(steering, "m", shipped).mood == next(iter(MOODS))
    assert turn(steering, "x", shipped) == steering


def test_the_screen_shows_what_plays_and_what_comes() -> None:
    ambience = an_ambience()
    playing = Playing(
        at=48_000 * 75,
        preset="drift",
        key="D dorian",
        bpm=54.0,
        layers=(("pad", 9), ("bells", 4)),
        chords=((-1.0, "Dm7"), (3.2, "Fmaj7")),
        level_db=-14.0,
        voices=20,
        underruns=2,
        ahead=0.7,
        heard_after=0.0,
        steered=0,
        bookmark=ambience.bookmark(0),
    )
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(draw(playing, Steering(density=0.4), list(presets().values()), "The sound card is back."))
    text = console.export_text()
    for words in (
        "drift in D dorian",
        "0:01:15",
        "Dm7",
        "Fmaj7",
        "in 3 s",
        "bells",
        "40%",
        "2 gaps",
        "The sound card is back.",
    ):
        assert words in text
