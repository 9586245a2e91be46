"""Recordings of endless music: each kind can be read, nothing is replaced, and a full disk keeps what there is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.ambient.recording import CODECS, Recording
from musearoo.bridge.audio.files import read_audio
from musearoo.engines.audio.endless.synth import RATE
from musearoo.engines.errors import EngineError, ParamError
from tests.engines.audio.endless.some_sound import an_ambience

LIMITED = """
import resource, signal, sys
from musearoo.bridge.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("ending", sorted(CODECS))
def test_what_is_written_is_what_was_played(ending: str, tmp_path: Path) -> None:
    ambience, blocks = an_ambience("tape"), []
    path = tmp_path / f"a{ending}"
    with Recording(path) as recording:
        for _ in range(40):
            blocks.append(ambience.render())
            recording.write(blocks[-1])
    played, read = np.concatenate(blocks, axis=1), read_audio(path)
    assert (read.rate, read.samples.shape[0]) == (RATE, 2)
    assert abs(read.samples.shape[1] - played.shape[1]) <= (0 if ending in (".wav", ".flac") else 3000)
    count = min(read.samples.shape[1], played.shape[1]) - 4000
    if ending in (".wav", ".flac"):
        assert np.max(np.abs(read.samples[:, :count] - played[:, :count])) < 1e-4, (
            "but for what reading takes off: a constant"
        )
    else:
        power = float(np.mean(read.samples[:, 4000:count] ** 2) / np.mean(played[:, 4000:count] ** 2))
        assert power == pytest.approx(1.0, abs=0.15)


def test_nothing_is_replaced_and_other_endings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(b"mine")
    with pytest.raises(EngineError, match="is there already"):
        Recording(path)
    assert path.read_bytes() == b"mine"
    with pytest.raises(ParamError, match="out must be card or a file that ends in"):
        Recording(tmp_path / "a.aac")
    with pytest.raises(EngineError, match=r"cannot be written"):
        Recording(tmp_path / "none" / "a.wav")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_a_full_disk_is_told_and_what_is_there_can_be_played(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    words = ["ambient", "--seconds", "30", "--seed", "1", "--preset", "tape", "--out", str(path)]
    done = subprocess.run([sys.executable, "-c", LIMITED, *words], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert f"{path} c" in done.stderr
    assert "Traceback" not in done.stderr
    # What was just written might still grow.
    os.utime(path, (1.0, 1.0))
    assert read_audio(path).samples.shape[1] > RATE // 2
