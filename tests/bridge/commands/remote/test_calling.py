"""Commands by a real server: what they print is what the local ones print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.optional import require

require("fastapi", "httpx2", "sqlalchemy", "websockets")

import soundfile

from musearoo.bridge.cli import main
from musearoo.client import Client
from musearoo.engines.music.midi_files.song import decode_midi_file
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of

if TYPE_CHECKING:
    from tests.bridge.api.running import RunningServer

__all__ = ["home"]


@pytest.fixture
def remote(running: RunningServer) -> list[str]:
    """The options that name the server."""
    return ["--remote", running.url, "--token-file", str(running.home / "token")]


def write_loop(path: Path) -> Path:
    """Four seconds with a bass and clicks at 120 BPM."""
    seconds = np.arange(4 * 44_100) / 44_100
    sound = 0.3 * np.sin(2 * np.pi * 55 * seconds)
    sound[:: 44_100 // 2] = 0.9
    soundfile.write(path, sound.astype(np.float32), 44_100)
    return path


def both(capsys: Output, remote: list[str], *arguments: str) -> tuple[Any, Any]:
    """What a command reports by a server, and here."""
    return report_of(capsys, *remote, *arguments), report_of(capsys, *arguments)


def test_what_there_is_is_listed_alike(capsys: Output, remote: list[str]) -> None:
    for command in ("engines", "styles"):
        there, here = both(capsys, remote, command)
        assert there == here, command
    assert main([*remote, "engines"]) == 0
    assert "DrummaRoo" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("drums", "--style", "funk"),
        ("bass", "--style", "house", "--key", "D minor", "--chords", "Dm7 | G7", "--complexity", "0.9"),
        ("melody", "--bpm", "97"),
        ("harmony", "--time-signature", "3/4", "--style", "jazz swing", "--options", "voicing=drop2"),
    ],
)
def test_a_seed_gives_the_notes_that_it_gives_here(capsys: Output, remote: list[str], arguments: tuple[str]) -> None:
    there, here = both(capsys, remote, "generate", *arguments, "--bars", "4", "--seed", "7")
    assert set(there) == set(here)
    same = ("engine", "style", "bars", "bpm", "key", "time_signature", "seed", "length_beats", "out")
    assert {name: there[name] for name in same} == {name: here[name] for name in same}
    played = [(pitch, round(velocity)) for _, pitch, _, velocity in there["notes"]]
    assert played == [(pitch, round(velocity)) for _, pitch, _, velocity in here["notes"]]
    # A set without Live has the grid of 48 kHz, this one that of 44.1.
    for one, other in zip(there["notes"], here["notes"], strict=True):
        assert one[0] == pytest.approx(other[0], abs=0.001)
        assert one[2] == pytest.approx(other[2], abs=0.001)


def test_a_generated_clip_is_written_and_shown(capsys: Output, remote: list[str], tmp_path: Path) -> None:
    out = tmp_path / "drums.mid"
    assert main([*remote, "generate", "drums", "--style", "funk", "--seed", "7", "--out", str(out)]) == 0
    assert "drummaroo · style funk" in capsys.readouterr().out
    assert len(decode_midi_file(out.read_bytes()).parts) == 1


def test_a_song_is_written_with_its_parts(capsys: Output, remote: list[str], tmp_path: Path) -> None:
    words = ("song", "--style", "funk", "--seconds", "30", "--seed", "3", "--out", str(tmp_path), "--wav")
    report = report_of(capsys, *remote, *words)
    here = report_of(capsys, *words[:-2], str(tmp_path / "here"))
    assert {"style", "form", "bpm", "key", "parts", "chords", "ms"} <= set(report)
    assert set(report) == set(here)
    for name in ("style", "form", "form_name", "bpm", "key", "seconds", "seed", "instruments", "sections"):
        assert report[name] == here[name], name
    # Of the form's own length.
    there, here = both(capsys, remote, "song", "--style", "house", "--seed", "5", "--out", str(tmp_path / "two"))
    for name in ("form", "form_name", "bpm", "key", "seconds"):
        assert there[name] == here[name], name
    assert set(report["parts"]) >= {"drums", "bass"}
    bars = sum(count for _, count in report["form"])
    assert report["seconds"] == pytest.approx(bars * 4 * 60 / report["bpm"], rel=0.05)
    whole = decode_midi_file(Path(report["files"]["song"]).read_bytes())
    of_parts = [len(clip) for path in report["parts"].values() for clip in _clips(path)]
    assert sorted(of_parts) == sorted(len(clip) for clip in whole.parts.values())
    assert report["chords"][0][0] >= 0.0
    assert soundfile.info(report["files"]["wav"]).duration > 25
    assert json.loads((tmp_path / "report.json").read_text())["seed"] == 3


def _clips(path: str) -> list[Any]:
    return list(decode_midi_file(Path(path).read_bytes()).parts.values())


def test_a_part_of_a_file_is_changed(capsys: Output, remote: list[str], tmp_path: Path) -> None:
    report_of(capsys, *remote, "song", "--seconds", "30", "--seed", "3", "--out", str(tmp_path))
    source, out = str(tmp_path / "bass.mid"), tmp_path / "changed.mid"
    words = ("refine", source, "--change", "simpler", "--seed", "2", "--out", str(out))
    report = report_of(capsys, *remote, *words)
    assert set(report) == set(report_of(capsys, *words))
    before = sum(len(clip) for clip in _clips(source))
    assert 0 < len(report["notes"]) < before
    assert [len(clip) for clip in _clips(str(out))] == [len(report["notes"])]
    assert "has several parts" in failure_of(
        capsys, *remote, "refine", str(tmp_path / "song.mid"), "--change", "busier"
    )
    assert "nothing is to be changed" in usage_of(capsys, *remote, "refine", source)


def test_files_are_analysed(capsys: Output, remote: list[str], tmp_path: Path) -> None:
    loop = write_loop(tmp_path / "loop.wav")
    (there,), (here,) = both(capsys, remote, "analyze", str(loop))
    different = {"ms", "file"}
    assert {name: value for name, value in there.items() if name not in different} == {
        name: value for name, value in here.items() if name not in different
    }
    assert main([*remote, "analyze", str(tmp_path / "none.wav"), str(loop)]) == 1
    said = capsys.readouterr()
    assert "none.wav cannot be read" in said.err
    assert "120" in said.out


def test_a_sound_is_split(capsys: Output, remote: list[str], tmp_path: Path) -> None:
    loop, out = write_loop(tmp_path / "loop.wav"), tmp_path / "stems"
    report = report_of(capsys, *remote, "split", str(loop), "--backend", "dsp", "--out", str(out))
    assert (report["backend"], report["sample_rate"]) == ("dsp", 44_100)
    local = report_of(capsys, "split", str(loop), "--backend", "dsp", "--out", str(tmp_path / "here"))
    assert set(report) == set(local)
    assert {name: report[name] for name in ("channels", "frames")} == {"channels": 1, "frames": 4 * 44_100}
    assert set(report["stems"]) == set(local["stems"])
    for path in report["stems"].values():
        assert soundfile.info(path).duration == pytest.approx(4.0, abs=0.1)
    assert "is there already" in failure_of(capsys, *remote, "split", str(loop), "--backend", "dsp", "--out", str(out))


def test_a_sound_is_imagined(capsys: Output, remote: list[str], tmp_path: Path) -> None:
    words = ("imagine", "warm dub bass", "--backend", "sketch", "--bars", "1", "--bpm", "120", "--seed", "1")
    report = report_of(capsys, *remote, *words, "--takes", "2", "--out", str(tmp_path / "a.wav"))
    assert set(report) == set(report_of(capsys, *words, "--takes", "2", "--out", str(tmp_path / "here.wav")))
    assert (report["bpm"], report["seconds"], len(report["takes"])) == (120.0, 2.0, 2)
    for take in report["takes"]:
        assert soundfile.info(take["out"]).duration == pytest.approx(2.0, abs=0.01)
    assert "must end in .wav" in usage_of(capsys, *remote, *words, "--out", str(tmp_path / "a.mp3"))


def test_a_sentence_is_understood_and_changes_nothing(
    capsys: Output, remote: list[str], running: RunningServer
) -> None:
    report = report_of(capsys, *remote, "say", "a funk bass in D minor, four bars")
    assert (report["intent"], report["reply"], report["answer"]) == ("play", "act", "funk bass")
    assert report["slots"] == {"parts": ["bass"], "style": "funk", "bars": 4, "key": "D minor"}
    here = report_of(capsys, "say", "a funk bass in D minor, four bars")
    assert (set(report), report["slots"], report["reply"]) == (set(here), here["slots"], here["reply"])
    band = report_of(capsys, *remote, "say", "give me a band in D minor")
    assert (band["intent"], band["slots"]) == ("play", {"parts": ["band"], "key": "D minor"})
    with Client(running.url, token=running.token) as client:
        mine = client.session(client.create_session(name="Mine"))
        assert main([*remote, "say", "--do", "a funk bass"]) == 0
        assert capsys.readouterr().out == "funk bass\n"
        assert [take.part for take in mine.list_takes().items] == ["bass"]
        mine.close()
    sentence = "the rain in spain stays mainly in the plain"
    assert failure_of(capsys, *remote, "say", sentence) == failure_of(capsys, "say", sentence)


def test_nothing_stays_on_the_server(capsys: Output, remote: list[str], running: RunningServer, tmp_path: Path) -> None:
    def look() -> tuple[set[str], set[str], set[Path]]:
        with Client(running.url, token=running.token) as client:
            sessions = {state.id for state in client.each(client.list_sessions)}
            jobs = {job.id for job in client.each(client.list_jobs)}
        folders = (running.home / name for name in ("uploads", "made"))
        return sessions, jobs, {path for folder in folders for path in folder.rglob("*") if path.is_file()}

    loop, before = str(write_loop(tmp_path / "loop.wav")), look()
    for words in (
        ("analyze", loop),
        ("split", loop, "--backend", "dsp", "--out", str(tmp_path / "stems")),
        ("song", "--seconds", "30", "--seed", "3", "--out", str(tmp_path)),
        ("refine", str(tmp_path / "bass.mid"), "--change", "simpler"),
        ("generate", "drums"),
        ("say", "a funk bass"),
    ):
        report_of(capsys, *remote, *words)
        assert look() == before, words
    assert "engine must be" in failure_of(capsys, *remote, "generate", "kazoo", status=2)
    assert look() == before


def test_wrong_usage_is_wrong_there_too(capsys: Output, remote: list[str]) -> None:
    for words in (("generate", "kazoo"), ("generate", "drums", "--style", "polka core")):
        assert " must be " in failure_of(capsys, *remote, *words, status=2)
    assert "must be a whole number in 1..64" in usage_of(capsys, *remote, "generate", "drums", "--bars", "99")


def test_what_a_server_cannot_do_is_said(capsys: Output, remote: list[str], tmp_path: Path) -> None:
    cannot = "cannot be done by a server: leave it out, or leave out --remote"
    assert f"--context {cannot}" in failure_of(capsys, *remote, "generate", "drums", "--context", "a.mid")
    song = ("song", "--out", str(tmp_path), "--mood", "dark")
    assert f"--mood {cannot}" in failure_of(capsys, *remote, *song)
    assert f"--continue {cannot}" in failure_of(
        capsys, *remote, "imagine", "x", "--out", str(tmp_path / "a.wav"), "--continue", "b.wav"
    )
    assert "midi works on this machine alone" in failure_of(capsys, *remote, "midi", "ports")


def test_a_server_that_is_not_there_is_said(
    capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running: RunningServer
) -> None:
    monkeypatch.setattr("musearoo.client.retries.PATIENT.__class__.wait", lambda *_, **__: None)
    assert "Nothing answers at" in failure_of(capsys, "--remote", "http://127.0.0.1:9", "engines")
    assert "is no address of a server" in failure_of(capsys, "--remote", "studio", "engines")
    missing = ("--remote", running.url, "--token-file", str(tmp_path / "token"), "engines")
    assert "cannot be read" in failure_of(capsys, *missing)
    monkeypatch.setenv("MUSEAROO_TOKEN", "wrong")
    assert "does not know the token: give one of its own by --token-file" in failure_of(
        capsys, "--remote", running.url, "engines"
    )
    monkeypatch.setenv("MUSEAROO_TOKEN", "zwölf")
    assert "MUSEAROO_TOKEN is no token" in failure_of(capsys, "--remote", running.url, "engines")
    monkeypatch.delenv("MUSEAROO_TOKEN")
    there = running.url.replace("http:", "https:")
    assert "The variable SSL_CERT_FILE names it here" in failure_of(capsys, "--remote", there, "engines")
    assert "goes with --remote" in usage_of(capsys, "--token-file", "x", "engines")
