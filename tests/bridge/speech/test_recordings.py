"""Recordings of utterances: kept if the user asks for it, up to the limit."""

import errno
import os
from pathlib import Path

import pytest
import soundfile

import musearoo.bridge.speech.recordings as keeping
from musearoo.bridge.speech.recordings import keep_utterance


def test_an_utterance_is_a_sound_file_with_its_text(tmp_path: Path) -> None:
    keep_utterance(tmp_path / "talk", b"\x01\x00\xff\xff" * 800, "mute the bäss")
    (sound,) = (tmp_path / "talk").glob("*.wav")
    samples, rate = soundfile.read(sound, dtype="int16")
    assert (rate, len(samples), samples[:2].tolist()) == (16_000, 1_600, [1, -1])
    assert sound.with_suffix(".txt").read_text(encoding="utf-8") == "mute the bäss\n"


def test_the_oldest_make_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 3)
    for number in range(5):
        keep_utterance(tmp_path, b"", f"number {number}")
    kept = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.glob("*.txt"))]
    assert kept == ["number 2\n", "number 3\n", "number 4\n"]
    assert len(list(tmp_path.iterdir())) == 6


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "talk").write_text("a file", encoding="utf-8")
    keep_utterance(tmp_path / "talk", b"", "mute the bass")
    assert "cannot be kept" in capfd.readouterr().err


@pytest.mark.parametrize("written", [0, 1])
def test_a_full_disk_leaves_neither_sound_nor_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], written: int
) -> None:
    left = [None] * 2 * written

    def sync(_descriptor: int) -> None:
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left.pop()

    monkeypatch.setattr(os, "fsync", sync)
    keep_utterance(tmp_path, bytes(800), "mute the bass")
    assert list(tmp_path.iterdir()) == []
    told = capfd.readouterr().err
    assert "No space left on device" in told
    assert "mute" not in told
