"""The polling form of simple clients: what is asked for is what sounds, in each genre; and how it ends otherwise."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx
import soundfile

from musearoo.bridge.analysis.files import FileAnalyzer
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.music.midi_files.song import decode_midi_file
from musearoo.engines.music.scale import Key
from tests.bridge.api.running import RunningServer, people

GENRES = {
    "pop": ("pop", 104, "C major", 24.0),
    "rock": ("rock", 132, "E minor", 40.0),
    "jazz": ("jazz swing", 140, "F major", 24.0),
    "electronic": ("house", 124, "A minor", 30.0),
    "hip-hop": ("hip-hop", 90, "D minor", 10.0),
    "classical": ("classical", 96, "G major", 24.0),
    "country": ("country", 112, "G major", 26.0),
    "blues": ("blues", 88, "A major", 33.0),
}
"""The style, and what is asked for: tempo, key and seconds."""


@pytest.fixture(scope="module")
def client(running: RunningServer) -> Iterator[httpx.Client]:
    """A client of this machine's user, below the root."""
    headers = {"authorization": f"Bearer {running.token}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def analyzer() -> FileAnalyzer:
    """The fast analysis."""
    return FileAnalyzer(read_styles(None))


def finish(client: httpx.Client, task: dict[str, Any]) -> dict[str, Any]:
    """Poll a task as a simple client does."""
    seen = [task]
    until = time.monotonic() + 30
    while seen[-1]["status"] == "processing":
        assert time.monotonic() < until, seen[-1]
        time.sleep(0.02)
        seen.append(client.get(f"/api/ai/status/{task['task_id']}").raise_for_status().json())
    progress = [each.get("progress", 0) for each in seen]
    assert progress == sorted(progress)
    assert all(each < 100 for each in progress[:-1])
    return seen[-1]


@pytest.mark.parametrize("genre", GENRES)
def test_genre_tempo_key_and_duration_are_honoured(
    client: httpx.Client, analyzer: FileAnalyzer, tmp_path: Path, genre: str
) -> None:
    style, bpm, key, seconds = GENRES[genre]
    asked = {"prompt": "", "genre": genre, "bpm": bpm, "key": key, "duration_seconds": seconds}
    task = client.post("/api/ai/generate", json={**asked, "format": "wav", "seed": 5})
    assert (task.status_code, task.json()["status"]) == (202, "processing")
    done = finish(client, task.json())
    assert (done["status"], done.get("progress")) == ("completed", 100), done
    assert (done["style"], done["bpm"], done["key"]) == (style, bpm, key)
    assert ("nearest" in done.get("note", "")) == (genre == "electronic")

    song = decode_midi_file(client.get(done["midi_url"]).raise_for_status().content, "song.mid")
    assert song.bpm == pytest.approx(bpm, rel=0.005)
    assert song.keys[0][1] == Key.parse(key)
    pitches = [n.pitch % 12 for name, clip in song.parts.items() if name not in song.drums for n in clip.notes]
    inside = sum(pitch in Key.parse(key).pitch_classes for pitch in pitches)
    assert inside >= 0.8 * len(pitches) > 0 or genre == "blues", "blue notes are no part of the scale"

    sound = client.get(done["result_url"]).raise_for_status()
    assert sound.headers["link"].startswith(f"<{done['midi_url']}>")
    assert done["duration_seconds"] == pytest.approx(seconds, rel=0.1)
    whole = soundfile.info(io.BytesIO(sound.content)).duration
    assert done["duration_seconds"] - 0.01 <= whole < done["duration_seconds"] + 4.0, "the last notes ring out"
    path = tmp_path / "result.wav"
    path.write_bytes(sound.content)
    heard = analyzer.analyze(path).analysis
    assert heard.rhythm.live_bpm == pytest.approx(bpm, rel=0.005)
    assert heard.harmony.key.value is not None
    shared = set(heard.harmony.key.value.pitch_classes) & set(Key.parse(key).pitch_classes)
    assert len(shared) >= 6, "the same key, its relative or a fifth away"


def test_words_say_what_the_fields_leave_open(client: httpx.Client) -> None:
    task = client.post("/api/ai/generate", json={"prompt": "a chill lo-fi beat in D minor at 82 bpm, 6 seconds"})
    done = finish(client, task.json())
    assert (done["style"], done["bpm"], done["key"]) == ("lo-fi", 82.0, "D minor")
    assert done["duration_seconds"] == pytest.approx(6.0, rel=0.1)
    assert client.get(done["result_url"]).headers["content-type"] == "audio/mpeg"
    state = client.get(f"/api/v3/sessions/{done['session']}").raise_for_status().json()
    assert (state["name"], state["takes"] > 0) == ("a chill lo-fi beat in D minor at 82 bpm, 6 seconds", True)
    again = client.post(f"/api/v3/sessions/{done['session']}/say", json={"text": "busier drums"})
    assert again.status_code == 200, again.text


def test_mistakes_are_said_at_once(running: RunningServer, client: httpx.Client) -> None:
    for body, status in (
        ({"key": "H sharp"}, 422),
        ({"bpm": 5}, 422),
        ({"duration_seconds": 10_000}, 422),
        ({"format": "midi"}, 422),
    ):
        answer = client.post("/api/ai/generate", json={"prompt": "pop", **body})
        assert answer.status_code == status, (body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/api/ai/status/nothing").status_code == 404
    assert client.get("/api/ai/result/nothing").status_code == 404
    with people(running, "eve") as clients:
        task = client.post("/api/ai/generate", json={"prompt": "pop", "duration_seconds": 4}).json()
        eve = httpx.Client(base_url=running.url, headers=clients["eve"].headers)
        assert eve.get(f"/api/ai/status/{task['task_id']}").status_code == 404
        eve.close()
        finish(client, task)


def test_a_cancelled_task_leaves_no_session(client: httpx.Client) -> None:
    first, task = (
        client.post("/api/ai/generate", json={"prompt": "rock", "duration_seconds": 200}).json() for _ in range(2)
    )
    for each in (task, first):
        client.post(f"/api/v3/jobs/{each['task_id']}/cancel").raise_for_status()
        assert client.get(f"/api/ai/status/{each['task_id']}").json()["status"] == "cancelled"
    until = time.monotonic() + 5
    while client.get(f"/api/v3/sessions/{first['session']}").status_code != 404:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert client.get(f"/api/v3/sessions/{task['session']}").status_code == 404
