"""Logs as lines of JSON: a press can be followed by its id, from the device through daemon and worker to Live."""

import json
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import Done, Failed
from musearoo.tools.studio.processes import Studio
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band

FULL_MEMORY = """
import sys
if any("spawn_main" in word for word in sys.orig_argv):
    from musearoo.bridge.jobs import performing
    def fail(*_):
        raise MemoryError
    performing._run = fail
    performing._shrink = lambda _kind, params, *_: params
"""
"""For the daemon's children: every job runs out of memory, and once more when it is tried again."""

FAULTY_LIVE = """
class Surface:
    def __init__(self, c_instance):
        def fail(*_):
            raise RuntimeError("Live has a fault")
        type(c_instance.song().tracks[0].clip_slots[0]).create_clip = fail
    def __getattr__(self, _):
        return lambda *_, **__: None
create_instance = Surface
"""
"""A Remote Script with which Live makes no clips."""


def lines_of(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]


def test_a_press_is_logged_by_its_id() -> None:
    with Studio(settings="log_format: json\n") as studio:
        press = studio.device.press("drummaroo", style="funk", bars=1, seed=7, track=0, scene=0)
        answer = studio.device.wait_for(press, within=10.0)
        assert isinstance(answer, Done)
        studio.daemon.stop()
        lines = lines_of(studio.daemon.log())
    (done,) = [line for line in lines if "(Generate) is done" in line["message"]]
    assert done["request"].endswith(f":{press.request.press}")
    assert {line["level"] for line in lines} <= {"info", "warning"}
    assert next(line["message"] for line in lines if "request" not in line).startswith("MuseAroo ")


def test_what_fails_in_the_worker_and_in_live_is_logged_by_the_id_of_its_press(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(FULL_MEMORY, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    faulty = tmp_path / "Faulty"
    faulty.mkdir()
    (faulty / "__init__.py").write_text(FAULTY_LIVE, encoding="utf-8")
    loop = write_wave(tmp_path / "Band.wav", render_parts(play_band(), BPM, loop=True))
    settings = f"log_format: json\nlisten: false\naudio_folders: [{json.dumps(str(tmp_path))}]\n"
    with Studio(extra_scripts=[faulty], settings=settings) as studio:
        device = studio.device
        refused = device.press("drummaroo", style="funk", bars=1, seed=7, track=0, scene=0)
        answer = device.wait_for(refused, within=10.0)
        assert isinstance(answer, Failed)
        assert "Live has a fault" in answer.sentence
        studio.live.call("song.tracks[2].clip_slots[0].create_audio_clip", str(loop))
        device.idle(0.3)
        split = device.split(track=2, scene=0, backend="dsp")
        assert isinstance(device.wait_for(split, within=60.0), Failed)
        in_live, in_worker = studio.live.log(), (studio.home / "worker.log").read_text(encoding="utf-8")
        studio.daemon.stop()
        in_daemon = {line["message"]: line.get("request") for line in lines_of(studio.daemon.log())}
    of_refused, of_split = (f"stand-in:{press.request.press}" for press in (refused, split))
    (fault,) = [line.partition("\n")[0] for line in in_live if "error while performing" in line]
    assert fault.endswith(f"Live has a fault [{of_refused}]")
    (tried_again,) = lines_of(in_worker)
    assert tried_again["message"].startswith("The job ")
    assert tried_again["request"] == of_split
    assert in_daemon["Job 1 (split) failed"] == of_split
    assert of_refused in in_daemon.values()
