"""The deep pass on the whole path: without being asked for, when asked for, with progress, and taken back."""

import json
from pathlib import Path

import pytest

from musearoo.bridge.protocol import Failed, Heard, Refusal
from musearoo.engines.neural.madmom.package import find_madmom
from musearoo.tools.studio.processes import Studio
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band

pytestmark = pytest.mark.skipif(find_madmom() is None, reason="needs madmom: tools/dev.py setup --with analysis")

WITHIN = 60.0
"""Seconds in which a busy machine starts the worker and hears deeply."""

CLIP = "song.tracks[2].clip_slots[0]"
DEEP = 1


def test_a_clip_is_heard_deeply_by_itself_and_told_when_asked_for(tmp_path: Path) -> None:
    loop = write_wave(tmp_path / "band.wav", render_parts(play_band(), BPM, loop=True))
    with Studio(settings=f"audio_folders: [{json.dumps(str(tmp_path))}]\n") as studio:
        studio.live.call(f"{CLIP}.create_audio_clip", str(loop))
        studio.live.set(f"{CLIP}.clip.warping", False)
        kept = studio.home / "analyses"
        # The fast one, then the deep one.
        studio.device.wait_until(lambda: len(list(kept.glob("*.analysis"))) == 2, WITHIN, "deep analysis")
        found = studio.device.wait_for(studio.device.analyze(track=2, scene=0, deep=True), WITHIN)
        assert isinstance(found, Heard), found
        assert (found.depth, found.key) == (DEEP, "A minor")
        assert found.tempo == pytest.approx(BPM, abs=0.2)


def test_a_deep_question_shows_progress_and_can_be_taken_back(tmp_path: Path) -> None:
    song = write_wave(tmp_path / "song.wav", render_parts(play_band(), 40.0, rate=22_050), 22_050)
    with Studio(settings=f"audio_folders: [{json.dumps(str(tmp_path))}]\nlisten: false\n") as studio:
        studio.live.call(f"{CLIP}.create_audio_clip", str(song))
        studio.live.set(f"{CLIP}.clip.warping", False)
        studio.device.idle(0.5)  # until the daemon has been told of the clip
        before = studio.live.snapshot()
        press = studio.device.analyze(track=2, scene=0, deep=True, write=["tempo"])
        studio.device.wait_until(lambda: press.got_at is not None, WITHIN, "acknowledgement")
        studio.device.cancel(press)
        answer = studio.device.wait_for(press, WITHIN)
        assert isinstance(answer, Failed), answer
        assert answer.code == Refusal.CANCELLED
        # The worker serves the next question, which shows how far it is.
        again = studio.device.analyze(track=2, scene=0, deep=True)
        assert isinstance(studio.device.wait_for(again, WITHIN), Heard)
        assert [moved.fraction for moved in again.progress] == sorted(moved.fraction for moved in again.progress)
        assert again.progress
        assert studio.live.snapshot() == before
