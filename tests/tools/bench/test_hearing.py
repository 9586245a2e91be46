"""Audio at work beside a benchmark: clips that are heard, heard anew once all are, and a split."""

from __future__ import annotations

from pathlib import Path

import pytest

from musearoo.bridge.protocol import Done
from musearoo.tools.bench import hearing
from musearoo.tools.bench.hearing import Hearing
from musearoo.tools.studio.processes import Studio, StudioError

WITHIN = 60.0


def test_clips_are_heard_again_and_again_until_the_split_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "SPLIT_SECONDS", 90)
    audio = Hearing(tmp_path, 3)
    with Studio(set_file=audio.write_set(), settings=audio.settings) as studio:
        audio.begin(studio)
        split = audio._split
        assert split is not None
        studio.device.wait_until(lambda: audio._heard(studio) == 3, WITHIN, "three clips that were heard")
        audio.go_on(studio)
        studio.device.wait_until(lambda: audio._heard(studio) == 6, WITHIN, "the same clips heard anew")
        assert audio.describe(studio).startswith("3 audio clips heard 6 times")
        answer = studio.device.wait_for(split, WITHIN)
        assert isinstance(answer, Done), answer
        with pytest.raises(StudioError, match="ask for fewer presses"):
            audio.go_on(studio)
