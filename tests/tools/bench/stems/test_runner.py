"""The bench of stems: what it measures memory with, what it runs, and the shape of its report."""

import json
from pathlib import Path

import pytest
import soundfile

from musearoo.bridge.cli import main
from musearoo.engines.errors import EngineError
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.stems import runner as bench
from musearoo.tools.bench.stems.memory import RATE, Cost, judge_memory, write_long_sound

LACK = "htdemucs runs on packages that are not installed: install them."


def test_a_long_sound_is_as_long_as_was_said(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    write_long_sound(path, 0.02)
    facts = soundfile.info(path)
    assert (facts.samplerate, facts.channels, facts.subtype, facts.frames) == (RATE, 2, "PCM_24", round(1.2 * RATE))
    samples, _ = soundfile.read(path)
    assert 0.1 < abs(samples[-RATE // 10 :]).max() < 1.0


def test_memory_is_that_of_both_processes() -> None:
    assert Cost(50.0, 400.0, 1.0).both_mb == 450.0
    assert Cost(50.0, None, 1.0).both_mb is None


def test_a_split_that_fails_has_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "empty"))
    with pytest.raises(EngineError, match="htdemucs"):
        list(judge_memory("demucs", tmp_path, 0.001, tmp_path))
    assert not list(tmp_path.iterdir())


def test_without_the_packages_of_demucs_the_rest_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    judged: list[str] = []

    def judge_dsp(*, quick: bool, tell: bench.Progress) -> list[Row]:
        tell("a mix", 0, 1)
        judged.append("dsp, quick" if quick else "dsp")
        return [Row("dsp", "drums beside the mix", "dB SI-SDR", 8.0, 4.0, True)]

    monkeypatch.setattr(bench, "explain_missing_packages", lambda _card: LACK)
    monkeypatch.setattr(bench, "judge_dsp", judge_dsp)
    monkeypatch.setattr(bench, "QUICK_MINUTES", 0.01)
    assert main(["bench", "stems", "--quick", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert judged == ["dsp, quick"]
    first, *memory = report["rows"]
    assert first == {
        "name": "dsp: drums beside the mix",
        "unit": "dB SI-SDR",
        "ours": 8.0,
        "peer": 4.0,
        "ratio": None,
        "met": True,
        "note": "",
    }
    assert {row["name"].partition(":")[0] for row in memory} == {"memory of 0.01 min of stereo at 96 kHz, dsp"}
    both, worker, _ = memory
    assert 50.0 < worker["ours"] < both["ours"] < 2000.0
    assert report["notes"] == [LACK]


def test_a_folder_of_weights_without_the_model_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "explain_missing_packages", lambda _card: "")
    assert main(["bench", "stems", "--only", "demucs", "--weights", str(tmp_path)]) == 1
    assert f"There is no complete htdemucs in {tmp_path}: it needs a folder" in capsys.readouterr().err
