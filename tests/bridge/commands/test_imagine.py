"""`musearoo imagine`: sounds where they were asked for, what the user reads about them, and the same once more."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musearoo.bridge.cli import main
from musearoo.bridge.models.store import FOLDER
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.note import Note
from tests.bridge.audio.some_sounds import make_sound, read_sound, write_sound
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of, wrong_value_of
from tests.optional import require

__all__ = ["home"]

WITHIN = 60.0

KEYS = {"out", "seconds", "bpm", "model", "seed", "licence", "first_audio_ms", "ms"}
"""What scripts may count on."""


@pytest.fixture(autouse=True)
def _no_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No model lies anywhere but in the home."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models with tiny ones of random weights: one that reads words, one that follows tunes."""
    require("torch", "transformers", "soxr")
    from musearoo.tools.bench.musicgen.random_models import write_random_musicgen

    folder = tmp_path_factory.mktemp("models")
    write_random_musicgen(folder)
    write_random_musicgen(folder, kind="melody")
    return folder


@pytest.fixture
def at_home(models: Path, home: Path) -> None:
    """Those models in the home."""
    home.mkdir()
    (home / FOLDER).symlink_to(models)


def imagine(capsys: Output, out: Path, *arguments: str) -> Any:
    report = report_of(capsys, "imagine", *arguments, "--out", str(out))
    assert report.keys() > KEYS
    assert report["out"] == str(out)
    return report


@pytest.mark.usefixtures("at_home")
def test_a_loop_is_written_and_reported_with_the_licence(tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "loops" / "dub.wav"
    report = imagine(capsys, out, "warm dub bass", "--bars", "1", "--bpm", "150", "--seed", "4", "--key", "A minor")
    assert (report["seconds"], report["bpm"], report["bars"], report["seed"]) == (1.6, 150.0, 1, 4)
    assert (report["model"], report["backend"]) == ("musicgen-small", "musicgen")
    assert "NC" in report["licence"]
    assert "key: a minor" in report["prompt"].lower()
    assert 0.0 < report["first_audio_ms"] < report["ms"]
    facts = soundfile.info(out)
    assert (facts.frames, facts.samplerate, facts.subtype) == (70_560, 44_100, "PCM_24")
    assert sorted(path.name for path in out.parent.iterdir()) == ["dub.musearoo.json", "dub.wav"]
    sidecar = json.loads((out.parent / "dub.musearoo.json").read_text(encoding="utf-8"))
    assert (sidecar["licence"], sidecar["request"]["text"]) == (report["licence"], "warm dub bass")
    (take,) = report["takes"]
    assert take["beats"] == pytest.approx([0.0, 0.4, 0.8, 1.2])


@pytest.mark.usefixtures("at_home")
def test_a_sidecar_makes_the_very_same_sound_again(tmp_path: Path, capsys: Output) -> None:
    first = report_of(
        capsys,
        "imagine",
        "dub",
        "--bars",
        "1",
        "--bpm",
        "240",
        "--takes",
        "2",
        "--out",
        str(tmp_path / "a.wav"),
    )
    assert [take["out"] for take in first["takes"]] == [str(tmp_path / "a 1.wav"), str(tmp_path / "a 2.wav")]
    for take in first["takes"]:
        again = tmp_path / "again" / Path(take["out"]).name
        report = imagine(capsys, again, "--again", take["sidecar"])
        assert again.read_bytes() == Path(take["out"]).read_bytes()
        assert report["seed"] == take["seed"]
    # What was made again, and by the path of the sound itself.
    imagine(capsys, tmp_path / "c.wav", "--again", str(again))
    assert (tmp_path / "c.wav").read_bytes() == again.read_bytes()
    assert Path(first["takes"][0]["out"]).read_bytes() != Path(first["takes"][1]["out"]).read_bytes()


@pytest.mark.usefixtures("at_home")
def test_tunes_are_followed_and_differ(tmp_path: Path, capsys: Output) -> None:
    seconds = np.arange(44_100) / 44_100
    for name, pitch in (("low", 220.0), ("high", 370.0)):
        tone = (0.5 * np.sin(2 * np.pi * pitch * seconds)).astype(np.float32)
        write_sound(tmp_path / f"{name}.wav", tone[np.newaxis], 44_100)
        imagine(
            capsys,
            tmp_path / f"from {name}.wav",
            "flute",
            "--melody",
            str(tmp_path / f"{name}.wav"),
            "--seconds",
            "1",
            "--seed",
            "1",
        )
    assert (tmp_path / "from low.wav").read_bytes() != (tmp_path / "from high.wav").read_bytes()
    notes = tuple(Note(beat, 60 + 2 * beat, 1.0, 100) for beat in range(4))
    midi = encode_midi_file({"drums": Clip("k", 8.0, ()), "lead": Clip("a", 4.0, notes)}, bpm=150.0)
    (tmp_path / "tune.mid").write_bytes(midi)
    report = imagine(capsys, tmp_path / "from midi.wav", "flute", "--melody", str(tmp_path / "tune.mid"))
    assert (report["model"], report["bpm"], report["bars"], report["seconds"]) == ("musicgen-melody", 150.0, 1, 1.6)


def test_a_tune_is_freed_from_drums_by_demucs_where_that_is_here(
    tmp_path: Path, capsys: Output, home: Path, models: Path
) -> None:
    require("demucs")
    from musearoo.tools.bench.stems.random_demucs import write_random_demucs

    path = write_sound(tmp_path / "a.wav", make_sound(44_100, 44_100), 44_100)
    shutil.copytree(models, home / FOLDER)
    words = ("flute", "--melody", str(path), "--seconds", "0.5", "--seed", "1")
    by_dsp = imagine(capsys, tmp_path / "b.wav", *words)
    assert "for want of Demucs" in by_dsp["told"][-1]
    write_random_demucs(home / FOLDER / "htdemucs", "htdemucs", tiny=True)
    by_demucs = imagine(capsys, tmp_path / "c.wav", *words)
    assert by_demucs["told"] == by_dsp["told"][:-1]


@pytest.mark.usefixtures("at_home")
def test_a_sound_is_continued(tmp_path: Path, capsys: Output) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(44_100, 44_100), 44_100)
    report = imagine(capsys, tmp_path / "b.wav", "", "--continue", str(path), "--seconds", "1", "--rate", "32000")
    assert (report["bars"], report["bpm"]) == (None, None)
    assert read_sound(tmp_path / "b.wav").shape == (1, 32_000)
    write_sound(path, make_sound(40_000, 44_100), 44_100)
    assert "has been changed since" in failure_of(
        capsys,
        "imagine",
        "--again",
        str(tmp_path / "b.wav"),
        "--out",
        str(tmp_path / "c.wav"),
    )


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("words", ["funk " * 2000, "温暖的贝斯和鼓"])
def test_words_of_any_kind_give_something(words: str, tmp_path: Path, capsys: Output) -> None:
    report = imagine(capsys, tmp_path / "a.wav", words, "--seconds", "0.5")
    assert report["prompt"]
    assert len(report["prompt"]) < 1500
    assert report["told"]


def test_a_prompt_that_is_empty_is_wrong_usage(tmp_path: Path, capsys: Output) -> None:
    for words in ("", " \t"):
        said = usage_of(capsys, "imagine", words, "--backend", "sketch", "--out", str(tmp_path / "a.wav"))
        assert "argument PROMPT: must say what it is to sound like" in said
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.usefixtures("at_home")
def test_names_and_words_that_no_file_can_store_are_reported_in_a_line(tmp_path: Path, capsys: Output) -> None:
    def out(name: str) -> tuple[str, ...]:
        return "--backend", "sketch", "--bars", "1", "--out", str(tmp_path / f"{name}.wav")

    for letters in (250, 245):
        assert "File name too long" in failure_of(capsys, "imagine", "dub", *out("x" * letters))
    assert "prompt must be text that UTF-8 can hold" in wrong_value_of(capsys, "imagine", "dub \udcff", *out("a"))
    assert "title must be text that UTF-8 can hold" in wrong_value_of(capsys, "imagine", "dub", *out("a\udcff"))
    assert list(tmp_path.glob("*.wav")) == []


@pytest.mark.usefixtures("at_home")
def test_other_weights_are_reported(tmp_path: Path, capsys: Output) -> None:
    imagine(capsys, tmp_path / "a.wav", "dub", "--seconds", "0.5")
    path = tmp_path / "a.musearoo.json"
    sidecar = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**sidecar, "version": "musicgen-small of another day"}), encoding="utf-8")
    report = imagine(capsys, tmp_path / "b.wav", "--again", str(path))
    assert report["told"][-1].endswith("this may sound otherwise.")


def test_a_sketch_needs_no_model_and_says_what_it_is(tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "a.wav"
    assert main(["imagine", "funk with slap bass", "--backend", "sketch", "--bars", "1", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "Imagined by Sketch, without a model" in said.out
    assert f"✓ {out}" in said.out
    assert "1 bar at" in said.out
    assert said.err == ""
    report = imagine(capsys, tmp_path / "b.wav", "--again", str(out))
    assert (tmp_path / "b.wav").read_bytes() == out.read_bytes()
    assert (report["model"], report["licence"], report["label"]) == ("", "", "Sketch")


@pytest.mark.usefixtures("at_home")
def test_for_people_it_names_the_model_and_its_licence(tmp_path: Path, capsys: Output) -> None:
    assert main(["imagine", "dub [bass]", "--seconds", "0.5", "--out", str(tmp_path / "a.wav")]) == 0
    said = capsys.readouterr()
    assert "Imagined by musicgen-small: dub" in said.out
    assert "Licence of the model: CC-BY-NC" in said.out
    assert "0.5 s of sound in" in said.out


def test_without_weights_it_says_what_to_fetch_and_offers_a_sketch(tmp_path: Path, capsys: Output) -> None:
    said = failure_of(capsys, "imagine", "dub", "--out", str(tmp_path / "a.wav"))
    assert "`musearoo models fetch musicgen-small`" in said or "tools/dev.py setup --with models" in said
    assert "--backend sketch" in said
    assert not (tmp_path / "a.wav").exists()


def test_nothing_that_is_there_is_replaced(tmp_path: Path, capsys: Output) -> None:
    for name in ("a.wav", "a.musearoo.json"):
        (tmp_path / name).write_text("mine")
        said = failure_of(capsys, "imagine", "dub", "--backend", "sketch", "--out", str(tmp_path / "a.wav"))
        assert f"{tmp_path / name} is there already" in said
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--melody", "no such.wav"], "no such.wav does not exist"),
        (["--melody", "no such.mid"], "no such.mid cannot be read"),
        (["--continue", "no such.wav"], "no such.wav does not exist"),
    ],
)
@pytest.mark.usefixtures("at_home")
def test_what_cannot_be_done_is_one_line(arguments: list[str], match: str, tmp_path: Path, capsys: Output) -> None:
    assert match in failure_of(capsys, "imagine", "dub", *arguments, "--out", str(tmp_path / "a.wav"))
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--style", "no such"], "style"),
        (["--key", "H dur"], "key"),
        (["--time-signature", "4/5"], "meter must be"),
        (["--model", "htdemucs"], "model must be one of"),
        (["--bars", "64", "--bpm", "20"], "bars must be 0.5 to 120 seconds long"),
    ],
)
@pytest.mark.usefixtures("at_home")
def test_what_is_no_such_value_is_wrong_usage(arguments: list[str], match: str, tmp_path: Path, capsys: Output) -> None:
    assert match in wrong_value_of(capsys, "imagine", "dub", *arguments, "--out", str(tmp_path / "a.wav"))
    assert not (tmp_path / "a.wav").exists()


def test_a_midi_file_without_a_tune_is_named(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "a.mid").write_bytes(encode_midi_file({"drums": Clip("k", 4.0, (Note(0.0, 36, 0.25, 100),))}))
    said = failure_of(
        capsys,
        "imagine",
        "dub",
        "--melody",
        str(tmp_path / "a.mid"),
        "--out",
        str(tmp_path / "a.wav"),
    )
    assert "has no notes but drums" in said


@pytest.mark.usefixtures("at_home")
def test_broken_weights_are_named_with_the_cure(tmp_path: Path, capsys: Output, home: Path, models: Path) -> None:
    (home / FOLDER).unlink()
    shutil.copytree(models, home / FOLDER)
    broken = home / FOLDER / "musicgen-small" / "state_dict.bin"
    broken.write_bytes(broken.read_bytes()[:1000])
    said = failure_of(capsys, "imagine", "dub", "--seconds", "1", "--out", str(tmp_path / "a.wav"))
    assert "state_dict.bin" in said
    assert "musearoo models fetch musicgen-small" in said
    assert not list(tmp_path.glob("*.wav"))


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ([], "required: PROMPT"),
        (["dub", "--out", "a.mp3"], "argument --out: must end in .wav"),
        (["dub", "--bars", "4", "--seconds", "8"], "argument --bars: not with --seconds"),
        (["dub", "--melody", "a.wav", "--continue", "b.wav"], "argument --melody: not with --continue"),
        (["dub", "--again", "a.musearoo.json"], "argument --again: the sidecar already says what PROMPT would"),
        (["--again", "a.json", "--bars", "4", "--continue", "b"], "what --bars, --continue would"),
        (["dub", "--seconds", "9999"], "must be a number in 0.5..120"),
        (["dub", "--takes", "0"], "must be a whole number in 1..16"),
        (["dub", "--backend", "dsp"], "invalid choice"),
    ],
)
def test_wrong_usage_is_told_as_usage(arguments: list[str], match: str, capsys: Output) -> None:
    assert match in usage_of(capsys, "imagine", "--out", "a.wav", *arguments)


@pytest.mark.skipif(os.name != "posix", reason="only Unix sends another process Ctrl-C")
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, models: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / FOLDER).symlink_to(models)
    # Whoever starts the tests in the background of a shell has Ctrl-C ignored, by what they start too.
    begin = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    begin += "from musearoo.bridge.cli import main; "
    words = ["imagine", "dub", "--seconds", "120", "--out", str(tmp_path / "out" / "a.wav")]
    program = [sys.executable, "-c", begin + "sys.exit(main())", *words]
    environment = {**os.environ, "MUSEAROO_HOME": str(tmp_path / "home")}
    with subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True) as running:
        until = time.monotonic() + WITHIN
        while not list(tmp_path.glob("out/.musearoo-*")):
            assert running.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=WITHIN)
    assert running.returncode == 1
    assert said == ""
    assert not (tmp_path / "out").exists()
