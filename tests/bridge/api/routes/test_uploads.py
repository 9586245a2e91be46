"""Files that come in: analysed, placed and followed; names, sizes and pieces; and who may use them."""

from __future__ import annotations

import base64
import hashlib
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.optional import is_missing, require

require("fastapi", "sqlalchemy")

import httpx2 as httpx

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.note import Note
from tests.bridge.api.jobs.some_sounds import WAV, clips, loop, new_session, place
from tests.bridge.api.running import RunningServer, people

PIECE = {"content-type": "application/offset+octet-stream", "tus-resumable": "1.0.0"}


@pytest.fixture
def client(running: RunningServer) -> Iterator[httpx.Client]:
    """A client of this machine's user."""
    with running.client() as client:
        yield client


def midi() -> bytes:
    """A MIDI file of two parts, in A minor at 90 BPM."""
    notes = [Note(float(beat), 57 + (0, 3, 7, 12)[beat % 4], 0.9, 90.0) for beat in range(16)]
    return encode_midi_file({"Bass": Clip.of("Bass", 16.0, notes), "Lead": Clip.of("Lead", 16.0, notes)}, 90.0)


def drafts(running: RunningServer) -> set[str]:
    """The unfinished uploads on the disk."""
    return {path.name for path in (running.home / "uploads" / ".drafts").glob("*")}


def test_a_file_is_analysed_at_once_and_kept_once(client: httpx.Client) -> None:
    session = new_session(client)
    found = [
        client.post(f"/sessions/{session}/analyze", params={"name": name}, content=loop(seed=2), headers=WAV)
        for name in ("Loop.wav", "The same.wav")
    ]
    first, second = (answer.raise_for_status().json() for answer in found)
    assert first["analysis"]["tempo"] == pytest.approx(100.0, rel=0.005)
    assert first["analysis"]["pass"] == "fast"
    assert first["sentence"].startswith("Loop: 100 BPM, 4/4")
    assert first["upload"] == second["upload"], "the same content is one upload"
    assert first["version"] is None
    assert clips(client, session) == []


def test_what_is_placed_is_followed_by_the_band(client: httpx.Client) -> None:
    session = new_session(client, bpm=90)
    placed = place(client, session, loop(seed=31), name="../../etc/My <loop>.wav", apply="warp,tempo")
    assert placed["version"] == 1
    state = client.get(f"/sessions/{session}/set").json()
    assert state["song"]["bpm"] == pytest.approx(100.0, rel=0.005)
    (clip,) = state["clips"]
    assert (clip["name"], clip["file"], clip["kind"], clip["length"]) == ("My loop", "My loop.wav", "audio", 16.0)
    band = client.post(f"/sessions/{session}/band", json={"bars": 4, "seed": 3}).raise_for_status().json()
    key = placed["analysis"]["key"]
    assert {take["key"] for take in band["takes"]} <= {key, ""}
    undone = [client.post(f"/sessions/{session}/undo").raise_for_status().json()["version"] for _ in range(2)]
    assert undone == [3, 4]
    assert clips(client, session) == []


def test_midi_becomes_clips_with_its_notes(client: httpx.Client) -> None:
    session = new_session(client)
    placed = place(client, session, midi(), name="song.wav")
    assert placed["analysis"]["tempo"] == pytest.approx(90.0)
    assert [(clip["name"], clip["kind"], clip["notes"]) for clip in clips(client, session)] == [
        ("Bass", "midi", 16),
        ("Lead", "midi", 16),
    ]


def test_a_clip_of_the_set_is_analysed_and_applied(client: httpx.Client) -> None:
    session = new_session(client, bpm=120)
    place(client, session, loop(), apply="")
    asked = {"track": 1, "scene": 1, "apply": ["tempo"], "deep": True}
    answer = client.post(f"/sessions/{session}/analyze", json=asked).raise_for_status()
    found = answer.json()
    assert found["analysis"]["tempo"] == pytest.approx(100.0, rel=0.005)
    assert client.get(f"/sessions/{session}/set").json()["song"]["bpm"] == pytest.approx(100.0, rel=0.005)
    if is_missing("madmom"):
        assert found["job"] is None
        assert "madmom is not installed" in found["notices"][0]
    else:
        assert answer.headers["location"] == f"/api/v3/jobs/{found['job']['id']}"
        ended = client.get(f"/jobs/{found['job']['id']}", params={"wait": 60}).json()
        assert ended["result"]["analysis"]["pass"] == "deep"


def test_what_is_no_music_is_refused_with_one_sentence(running: RunningServer, client: httpx.Client) -> None:
    session, before = new_session(client), drafts(running)
    path = f"/sessions/{session}/analyze"
    for data, status in ((b"", 422), (b"no sound at all" * 50, 422), (b"MThd" + b"\xff" * 60, 422), (loop()[:60], 422)):
        answer = client.post(path, params={"place": True}, content=data, headers=WAV)
        assert answer.status_code == status, (data[:8], answer.text)
        assert str(running.home) not in answer.text
        assert answer.json()["detail"].endswith(".")
    wrong = client.post(path, params={"apply": "colour"}, content=loop(), headers=WAV)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "apply")
    assert client.post(path, params={"upload": "0" * 32}).status_code == 404
    assert clips(client, session) == []
    large = client.post(path, json={"deep": False, "padding": "x" * 300_000})
    assert large.status_code == 413, "only files may be large"
    assert drafts(running) == before


def test_pieces_are_put_together_and_go_on_where_they_stopped(client: httpx.Client) -> None:
    session, data = new_session(client), loop(seed=9)
    digest = hashlib.sha256(data).hexdigest()
    made = client.post("/uploads", json={"name": "Groove.wav", "bytes": len(data), "sha256": digest})
    assert made.status_code == 201
    upload = made.json()["id"]
    where = made.headers["location"].removeprefix("/api/v3")
    first = client.patch(where, content=data[:100_000], headers={**PIECE, "upload-offset": "0"})
    assert (first.status_code, first.headers["upload-offset"]) == (204, "100000")
    early = client.post(f"/sessions/{session}/analyze", params={"upload": upload})
    assert early.status_code == 404, "it is not whole"
    wrong = client.patch(where, content=data[:10], headers={**PIECE, "upload-offset": "7"})
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (409, "100000")
    looked = client.head(where)
    assert (looked.headers["upload-offset"], looked.headers["upload-length"]) == ("100000", str(len(data)))
    too_much = client.patch(where, content=data[100_000:] + b"!", headers={**PIECE, "upload-offset": "100000"})
    assert too_much.status_code == 413
    last = client.patch(where, content=data[100_000:], headers={**PIECE, "upload-offset": "100000"})
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(data)))
    assert client.get(where).json() == {
        "id": upload,
        "name": "Groove.wav",
        "bytes": len(data),
        "offset": len(data),
        "complete": True,
    }
    found = client.post(f"/sessions/{session}/analyze", params={"upload": upload, "place": True}).raise_for_status()
    assert found.json()["upload"] == upload
    assert client.get(f"/files/{upload}").content == data
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404
    assert client.post(f"/sessions/{session}/band", json={"bars": 1}).status_code == 200, "its clip stays"


def test_what_came_before_a_connection_broke_is_kept(running: RunningServer, client: httpx.Client) -> None:
    data = loop(seed=10)
    upload = client.post("/uploads", json={"bytes": len(data)}).json()["id"]
    head = (
        f"PATCH /api/v3/uploads/{upload} HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
        f"Authorization: Bearer {running.token}\r\nContent-Type: application/offset+octet-stream\r\n"
        f"Upload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.port)) as connection:
        connection.sendall(head.encode() + data[:50_000])
        time.sleep(0.1)
    until = time.monotonic() + 5
    while (offset := int(client.head(f"/uploads/{upload}").headers["upload-offset"])) == 0:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert offset == 50_000
    rest = client.patch(f"/uploads/{upload}", content=data[offset:], headers={**PIECE, "upload-offset": str(offset)})
    assert rest.headers["upload-offset"] == str(len(data))
    assert client.get(f"/files/{upload}").content == data


def test_a_new_piece_takes_over_from_a_dead_connection(running: RunningServer, client: httpx.Client) -> None:
    data = loop(seed=11)
    upload = client.post("/uploads", json={"bytes": len(data)}).json()["id"]
    head = (
        f"PATCH /api/v3/uploads/{upload} HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
        f"Authorization: Bearer {running.token}\r\nContent-Type: application/offset+octet-stream\r\n"
        f"Upload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.port)) as connection:
        connection.sendall(head.encode() + data[:10])
        time.sleep(0.1)
        whole = client.patch(f"/uploads/{upload}", content=data, headers={**PIECE, "upload-offset": "0"})
        assert whole.headers["upload-offset"] == str(len(data))
        connection.sendall(data[10:])
        assert b" 409 " in connection.recv(4096).split(b"\r\n")[0]
    assert client.get(f"/files/{upload}").content == data


def test_uploads_speak_tus(client: httpx.Client) -> None:
    facts = client.options("/uploads")
    assert (facts.status_code, facts.headers["tus-version"]) == (204, "1.0.0")
    assert facts.headers["tus-extension"] == "creation,termination"
    name = base64.b64encode("Größe.wav".encode()).decode()
    headers = {"tus-resumable": "1.0.0", "upload-length": "3", "upload-metadata": f"filename {name},filetype YQ=="}
    made = client.post("/uploads", headers=headers)
    assert (made.status_code, made.json()["name"], made.headers["tus-resumable"]) == (201, "Größe.wav", "1.0.0")
    cases: list[tuple[dict[str, str], int]] = [
        ({**headers, "tus-resumable": "0.2.2"}, 412),
        ({**headers, "upload-length": "-1"}, 422),
        ({**headers, "upload-length": "9" * 10}, 413),
        ({**headers, "upload-metadata": "filename %%"}, 400),
    ]
    for wrong, status in cases:
        assert client.post("/uploads", headers=wrong).status_code == status, wrong
    where = made.headers["location"].removeprefix("/api/v3")
    assert client.patch(where, content=b"abc", headers=PIECE).status_code == 400
    assert client.delete(where).status_code == 204


def test_a_file_that_is_not_the_one_announced_is_dropped(client: httpx.Client) -> None:
    upload = client.post("/uploads", json={"bytes": 3, "sha256": "0" * 64}).json()["id"]
    answer = client.patch(f"/uploads/{upload}", content=b"abc", headers={**PIECE, "upload-offset": "0"})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_digest")
    assert client.head(f"/uploads/{upload}").status_code == 404


def test_uploads_are_their_users_alone(running: RunningServer) -> None:
    with people(running, "una", "ulf") as clients:
        una, ulf = clients["una"], clients["ulf"]
        data = loop(seed=12)
        found = place(una, new_session(una), data)
        session = new_session(ulf)
        asked: list[Any] = [
            ulf.get(f"/uploads/{found['upload']}"),
            ulf.delete(f"/uploads/{found['upload']}"),
            ulf.get(f"/files/{found['upload']}"),
            ulf.post(f"/sessions/{session}/analyze", params={"upload": found["upload"]}),
        ]
        assert {answer.status_code for answer in asked} == {404}
        own = place(ulf, session, data)
        assert own["upload"] != found["upload"], "even of the same content"


@pytest.mark.skipif(is_missing("pocketsphinx"), reason="speech is not installed here")
def test_what_is_no_recording_is_refused_without_names_of_ours(client: httpx.Client) -> None:
    session = new_session(client)
    for data, code, said in (
        (b"", "empty", "No sound came"),
        (b"no sound" * 99, "bad_parameter", "The recording is no"),
    ):
        refused = client.post(f"/sessions/{session}/listen", content=data, headers=WAV)
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (422, code), problem
        assert problem["detail"].startswith(said), problem
        assert ".part" not in problem["detail"]


@pytest.mark.skipif(not is_missing("pocketsphinx"), reason="speech is installed here")
def test_without_the_speech_packages_one_sentence_says_so(running: RunningServer, client: httpx.Client) -> None:
    session, before = new_session(client), drafts(running)
    answer = client.post(f"/sessions/{session}/listen", content=loop(), headers=WAV)
    assert answer.status_code == 422
    assert "pocketsphinx is not installed" in answer.json()["detail"]
    assert drafts(running) == before, "what somebody says is not kept"
