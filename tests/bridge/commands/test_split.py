"""`musearoo split`: stems where they were asked for, and what the user reads about them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from musearoo.bridge.cli import main
from musearoo.bridge.models.store import FOLDER
from tests.bridge.audio.some_sounds import make_sound, write_sound
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of, wrong_value_of
from tests.bridge.stems.some_separators import ShareSeparator, put_in_place_of_dsp
from tests.optional import require

__all__ = ["home"]

WITHIN = 60.0


@pytest.fixture
def loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file, and no model for it anywhere."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return str(write_sound(tmp_path / "loop.wav", make_sound(9000, 48_000), 48_000))


def test_it_writes_the_stems_and_reports_them(loop: str, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "out"
    report = report_of(capsys, "split", loop, "--out", str(out), "--backend", "dsp", "--bits", "24")
    assert (report["backend"], report["sample_rate"], report["frames"], report["from_cache"]) == (
        *("dsp", 48_000, 9000, False),
    )
    assert report["ms"] > 0.0
    assert list(report["stems"]) == ["drums", "bass", "vocals", "other"]
    for stem, path in report["stems"].items():
        assert path == str(out / f"loop · {stem.capitalize()} (DSP).wav")
        facts = soundfile.info(path)
        assert (facts.frames, facts.samplerate, facts.subtype) == (9000, 48_000, "PCM_24")
    again = report_of(capsys, "split", loop, "--out", str(out), "--backend", "dsp", "--bits", "24")
    assert (again["from_cache"], again["stems"]) == (True, report["stems"])


def test_for_people_it_names_the_fallback_and_how_to_get_more(
    loop: str, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place_of_dsp(monkeypatch, ShareSeparator())
    assert main(["split", loop, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    assert "Split by the DSP fallback" in said.out
    assert "plainer than Demucs" in said.out
    assert "`musearoo models fetch htdemucs`" in said.out or "is not installed: run" in said.out
    assert f"drums   {tmp_path / 'out' / 'loop · Drums (DSP).wav'}" in said.out
    assert said.err == ""


def test_with_a_model_it_names_the_model_and_its_licence(loop: str, tmp_path: Path, capsys: Output, home: Path) -> None:
    require("demucs")
    from musearoo.tools.bench.stems.random_demucs import write_random_demucs

    write_random_demucs(home / FOLDER / "htdemucs_6s", "htdemucs_6s", tiny=True)
    report = report_of(capsys, "split", loop, "--out", str(tmp_path), "--stems", "6", "--from", "0.05", "--to", "0.1")
    assert (report["backend"], report["model"]) == ("demucs", "htdemucs_6s")
    assert "MIT" in report["licence"]
    assert report["stems"]["guitar"] == str(tmp_path / "loop · Guitar.wav")
    assert {soundfile.info(path).frames for path in report["stems"].values()} == {9000}


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--backend", "demucs"], "htdemucs"),
        (["--from", "9"], "ends after 0.19 s"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: list[str], match: str, loop: str, tmp_path: Path, capsys: Output
) -> None:
    assert match in failure_of(capsys, "split", loop, "--out", str(tmp_path / "out"), *arguments)
    assert not (tmp_path / "out").exists()


def test_what_contradicts_itself_is_wrong_usage(loop: str, tmp_path: Path, capsys: Output) -> None:
    split = ("split", loop, "--out", str(tmp_path / "out"))
    six = wrong_value_of(capsys, *split, "--backend", "dsp", "--stems", "6")
    assert "stems must be 4 for the backend dsp" in six
    assert "end must be after the start" in wrong_value_of(capsys, *split, "--from", "0.1", "--to", "0.1")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_sound_is_one_line_too(tmp_path: Path, capsys: Output) -> None:
    text = tmp_path / "a.wav"
    text.write_text("no sound")
    assert "no audio" in failure_of(capsys, "split", str(text), "--out", str(tmp_path / "out"), "--backend", "dsp")


@pytest.mark.parametrize("arguments", [[], ["--out", "o", "--bits", "16"], ["--out", "o", "--stems", "5"]])
def test_wrong_usage_is_explained(arguments: list[str], loop: str, capsys: Output) -> None:
    assert "usage: musearoo split" in usage_of(capsys, "split", loop, *arguments)


@pytest.mark.skipif(os.name != "posix", reason="only Unix sends another process Ctrl-C")
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "long.wav", make_sound(44_100 * 30, 44_100, 1), 44_100)
    # Whoever starts the tests in the background of a shell has Ctrl-C ignored, by what they start too.
    begin = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    begin += "from musearoo.bridge.cli import main; "
    words = ["split", str(path), "--out", str(tmp_path / "out"), "--backend", "dsp"]
    program = [sys.executable, "-c", begin + "sys.exit(main())", *words]
    environment = {**os.environ, "MUSEAROO_HOME": str(tmp_path / "home")}
    with subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True) as running:
        until = time.monotonic() + WITHIN
        while not list(tmp_path.glob("out/.musearoo-*/*.wav")):
            assert running.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=WITHIN)
    assert running.returncode == 1
    assert said == ""
    assert not (tmp_path / "out").exists()
