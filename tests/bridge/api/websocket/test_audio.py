"""Sound through a WebSocket: recordings that come in, for analysis, and takes that sound at the client."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.optional import require

require("fastapi", "sqlalchemy")

from tests.bridge.api.jobs.some_sounds import RATE, loop
from tests.bridge.api.running import RunningServer
from tests.bridge.api.websocket.live_line import LiveLine
from tests.bridge.api.websocket.test_connection import FUNK, new_session


def pcm() -> tuple[bytes, dict[str, Any]]:
    """A loop at 100 BPM as samples of two channels."""
    sound, _ = soundfile.read(io.BytesIO(loop()), dtype="int16")
    return np.column_stack([sound, sound]).tobytes(), {"format": "pcm", "rate": RATE, "channels": 2, "name": "Loop.wav"}


def opus() -> tuple[bytes, dict[str, Any]]:
    """The same in Opus."""
    sound, _ = soundfile.read(io.BytesIO(loop()), dtype="float32")
    at_24_000 = np.interp(np.arange(round(sound.size / RATE * 24_000)) / 24_000, np.arange(sound.size) / RATE, sound)
    file = io.BytesIO()
    soundfile.write(file, at_24_000.astype("float32"), 24_000, format="OGG", subtype="OPUS")
    return file.getvalue(), {"format": "file", "name": "Loop.ogg"}


def send(line: LiveLine, number: int, data: bytes, begin: dict[str, Any]) -> list[Any]:
    """Send a recording in frames, and return the answer."""
    import base64

    line.send("audio_begin", number, begin)
    for first in range(0, len(data), 100_000):
        piece = data[first : first + 100_000]
        line.send("audio", number, base64.b64encode(piece).decode() if line.is_text else piece)
    line.send("audio_end", number, {})
    return line.until(lambda frame: frame[1] == number)


@pytest.mark.parametrize("is_text", [False, True], ids=["msgpack", "json"])
def test_a_recording_is_analysed_and_placed(running: RunningServer, is_text: bool) -> None:
    session = new_session(running, bpm=90)
    with LiveLine(running, session, is_text=is_text) as line:
        for number, (data, begin) in ((10, pcm()), (11, opus())):
            type, _, answer = send(line, number, data, {"purpose": "analyze", **begin})
            assert (type, answer["status"]) == ("rest", 200), answer
            found = answer["body"]
            assert found["analysis"]["tempo"] == pytest.approx(100.0, rel=0.005), begin
            assert (found["version"], found["sentence"][:5]) == (None, "Loop:")
        type, _, answer = send(line, 12, pcm()[0], {"purpose": "analyze", "place": True, **pcm()[1]})
        assert (answer["status"], answer["body"]["version"]) == (200, 1)
        assert [clip["name"] for clip in line.event("set")["changes"]["clips"]] == ["Loop"]


def test_a_recording_that_is_none_is_a_problem(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        type, _, answer = send(line, 20, b"no sound" * 99, {"purpose": "analyze", "format": "file"})
        assert (type, answer["status"], answer["body"]["status"]) == ("rest", 422, 422)
        type, _, problem = send(line, 21, b"", {"purpose": "analyze"})
        assert (type, problem["code"], problem["detail"]) == (
            "problem",
            "bad_parameter",
            "No audio came before audio_end.",
        )
        line.send("audio_begin", 22, {"purpose": "analyze"})
        line.send("audio_begin", 23, {"purpose": "analyze"})
        assert line.until(lambda frame: frame[1] == 23)[2]["code"] == "conflict"
        line.send("cancel", 22, None)
        assert line.ask("ping", None)[0] == "pong"


def test_a_take_sounds_in_opus_unless_asked_otherwise(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        take = line.ask("do", FUNK)[2]["takes"][0]["id"]
        line.send("play", 50, {"take": take})
        sound, frame = b"", line.until(lambda frame: frame[1] == 50)
        while frame[0] == "audio":
            sound += frame[2]
            frame = line.until(lambda frame: frame[1] == 50)
        assert (frame[0], frame[2]["media_type"].partition(";")[0]) == ("audio_end", "audio/ogg")
    facts = soundfile.info(io.BytesIO(sound))
    assert (facts.format, facts.subtype) == ("OGG", "OPUS")
    assert facts.duration == pytest.approx(frame[2]["seconds"], abs=0.1)
