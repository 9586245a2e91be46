"""What a page draws, by REST: what is in clips, edited notes, waveforms; and how the server is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")
import httpx2 as httpx

from tests.bridge.api.jobs.some_sounds import RATE, WAV, begin, encode, finish, loop, place
from tests.bridge.api.running import RunningServer
from tests.bridge.api.websocket.live_line import LiveLine

Make = Callable[..., str]
Row = list[Any]


def clips(client: httpx.Client, session: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/sessions/{session}/set").json()["clips"]
    return found


def a_take(client: httpx.Client, session: str, engine: str = "bass", **fields: Any) -> dict[str, Any]:
    body = {"bars": 2, "seed": 7, "style": "funk", "track": None, **fields}
    made = client.post(f"/sessions/{session}/generate/{engine}", json=body).raise_for_status().json()
    found: dict[str, Any] = made["takes"][0]
    return found


def detail(client: httpx.Client, session: str, clip: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/sessions/{session}/clips/{clip}").raise_for_status().json()
    return found


def test_a_clip_has_its_notes_its_take_and_an_etag(ada: httpx.Client, make: Make) -> None:
    session = make(key="A minor")
    bass, drums = a_take(ada, session), a_take(ada, session, "drums")
    found = ada.get(f"/sessions/{session}/clips/{bass['clip']}")
    clip = found.json()
    assert (clip["notes"], clip["take"], clip["is_drums"]) == (bass["notes"], bass["id"], False)
    assert (clip["kind"], clip["length"], clip["looping"], clip["loop_end"]) == ("midi", 8.0, True, 8.0)
    assert detail(ada, session, drums["clip"])["is_drums"]
    same = {"if-none-match": found.headers["etag"]}
    assert ada.get(f"/sessions/{session}/clips/{bass['clip']}", headers=same).status_code == 304
    edited = {"clip": bass["clip"], "notes": bass["notes"][:1], "replace": True}
    ada.post(f"/sessions/{session}/edit", json=edited).raise_for_status()
    assert ada.get(f"/sessions/{session}/clips/{bass['clip']}", headers=same).status_code == 200
    ada.post(f"/sessions/{session}/undo").raise_for_status()
    assert detail(ada, session, bass["clip"]) == clip


def test_a_clip_that_is_not_there_is_not_found(ada: httpx.Client, make: Make, known: dict[str, httpx.Client]) -> None:
    session = make()
    take = a_take(ada, session)
    for path in ("clips/999", "clips/999/peaks"):
        answer = ada.get(f"/sessions/{session}/{path}")
        assert (answer.status_code, answer.json()["detail"][:9]) == (404, "That clip"), path
    for wrong in ("0", "x", str(2**40)):
        assert ada.get(f"/sessions/{session}/clips/{wrong}").status_code == 422, wrong
    assert known["eve"].get(f"/sessions/{session}/clips/{take['clip']}").status_code == 404
    no_sound = ada.get(f"/sessions/{session}/clips/{take['clip']}/peaks")
    assert (no_sound.status_code, "draw its notes" in no_sound.json()["detail"]) == (422, True)


def test_the_chords_of_notes_are_told(ada: httpx.Client, make: Make) -> None:
    session = make(key="A minor")
    chords = [
        [float(4 * bar), pitch, 4.0, 90] for bar, root in enumerate((57, 53)) for pitch in (root, root + 4, root + 7)
    ]
    chords[1][1] = 60
    keys = a_take(ada, session, "harmony")
    ada.post(
        f"/sessions/{session}/edit", json={"clip": keys["clip"], "notes": chords, "replace": True}
    ).raise_for_status()
    assert detail(ada, session, keys["clip"])["chords"] == [[0.0, "Am"], [4.0, "F"]]


def test_edited_notes_are_a_take_with_a_parent_below_it(ada: httpx.Client, make: Make) -> None:
    session = make()
    bass = a_take(ada, session)
    notes = [[0.0, 40, 1.0, 100], *bass["notes"][1:]]
    outcome = ada.post(f"/sessions/{session}/edit", json={"take": bass["id"], "notes": notes}).raise_for_status().json()
    (take,) = outcome["takes"]
    same = ("engine", "seed", "part", "style", "key", "context_hash", "track", "name")
    assert {name: take[name] for name in same} == {name: bass[name] for name in same}
    assert (take["parent"], take["scene"], outcome["sentence"]) == (bass["id"], 2, f"{bass['name']}, edited")
    assert take["notes"] == sorted(notes)
    assert take["params"] == {"do": "edit", "clip": bass["clip"], "replace": False}
    assert ada.get(f"/takes/{take['id']}").json()["parent"] == bass["id"]
    assert detail(ada, session, take["clip"])["take"] == take["id"]
    assert detail(ada, session, bass["clip"])["take"] == bass["id"]
    step = ada.get(f"/sessions/{session}/history").json()["items"][0]
    assert (step["do"], step["label"], step["takes"]) == ("edit", f"{bass['name']}, edited", [take["id"]])
    undone = ada.post(f"/sessions/{session}/undo").raise_for_status().json()
    assert undone["sentence"] == f"Undone: {bass['name']}, edited"
    assert [clip["id"] for clip in clips(ada, session)] == [bass["clip"]]


def test_edits_follow_each_other_in_place(ada: httpx.Client, make: Make) -> None:
    session = make()
    first = a_take(ada, session)
    parent = first["id"]
    for number, pitch in enumerate((40, 41, 42)):
        body = {
            "track": first["track"],
            "scene": 1,
            "notes": [[1.0, pitch, 0.5, 80]],
            "replace": True,
            "version": number + 1,
        }
        (take,) = ada.post(f"/sessions/{session}/edit", json=body).raise_for_status().json()["takes"]
        assert (take["clip"], take["parent"], take["engine"]) == (first["clip"], parent, first["engine"])
        parent = take["id"]
    stale = ada.post(f"/sessions/{session}/edit", json={**body, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    assert ada.post(f"/sessions/{session}/edit", json=body, headers={"if-match": '"1"'}).status_code == 412
    same = ada.post(f"/sessions/{session}/edit", json={**body, "version": 4}).raise_for_status().json()
    assert (same["version"], same["takes"]) == (None, []), "what is there already is no change"


def test_a_note_after_the_end_lengthens_the_clip_by_bars(ada: httpx.Client, make: Make) -> None:
    session = make()
    bass = a_take(ada, session)
    for start, replace, length in ((7.9, True, 8.0), (8.0, False, 12.0), (21.0, True, 24.0)):
        notes = [*bass["notes"], [start, 30, 8.0, 80]]
        body = {"clip": bass["clip"], "notes": notes, "replace": replace}
        (take,) = ada.post(f"/sessions/{session}/edit", json=body).raise_for_status().json()["takes"]
        found = detail(ada, session, take["clip"])
        assert (found["length"], found["loop_end"], take["length_beats"]) == (length, length, length), start
        assert found["notes"] == sorted(notes)


def test_notes_of_the_user_are_edited_by_hand(ada: httpx.Client, make: Make) -> None:
    from musearoo.engines.music.clip import Clip
    from musearoo.engines.music.midi_files.song import encode_midi_file
    from musearoo.engines.music.note import Note

    session = make()
    midi = encode_midi_file(
        {"Lead": Clip.of("Lead", 4.0, [Note(float(beat), 60, 0.5, 90.0) for beat in range(4)])}, 120.0
    )
    ada.post(
        f"/sessions/{session}/analyze", params={"place": True, "name": "lead.mid"}, content=midi, headers=WAV
    ).raise_for_status()
    (clip,) = clips(ada, session)
    found = detail(ada, session, clip["id"])
    assert (found["take"], len(found["notes"])) == (None, 4)
    body = {"clip": clip["id"], "notes": [[0.0, 61, 1.0, 99]]}
    (take,) = ada.post(f"/sessions/{session}/edit", json=body).raise_for_status().json()["takes"]
    assert (take["engine"], take["seed"], take["parent"], take["style"]) == ("hand", 0, None, "")
    turned = ada.post(f"/sessions/{session}/refine", json={"track": take["track"], "scene": take["scene"], "seed": 1})
    assert turned.status_code == 200, "MuseAroo goes on with what a hand has written"


def test_an_edit_by_websocket_is_seen_by_all(ada: httpx.Client, make: Make, running: RunningServer) -> None:
    session = make()
    bass = a_take(ada, session)
    token = str(ada.headers["authorization"]).removeprefix("Bearer ")
    with (
        LiveLine(running, session, token=token, is_text=True) as line,
        LiveLine(running, session, token=token) as other,
    ):
        done = line.ask("do", {"do": "edit", "clip": bass["clip"], "notes": [[0.5, 50, 0.5, 64]]})
        assert (done[0], done[2]["takes"][0]["parent"]) == ("done", bass["id"])
        seen = other.event("set")
        assert (seen["do"], [clip["notes"] for clip in seen["changes"]["clips"]]) == ("edit", [1])
        refused = line.ask("do", {"do": "edit", "clip": bass["clip"], "notes": [[0.5, 50, -1, 64]]})
        assert (refused[0], refused[2]["code"]) == ("problem", "bad_parameter")


def test_what_cannot_be_edited_is_told(ada: httpx.Client, make: Make) -> None:
    session, other = make(), make()
    take, elsewhere = a_take(ada, session), a_take(ada, other)
    sound = place(ada, session, loop(bars=1))
    audio = next(clip["id"] for clip in clips(ada, session) if clip["kind"] == "audio")
    note = [0.0, 60, 1.0, 90]
    for body, status, said in (
        ({"notes": [note]}, 422, "Say what is edited"),
        ({"take": take["id"], "clip": take["clip"], "notes": [note]}, 422, "Say what is edited"),
        ({"track": 1, "notes": [note]}, 422, "Say what is edited"),
        ({"take": elsewhere["id"], "notes": [note]}, 404, "no such take in this session"),
        ({"clip": 999, "notes": [note]}, 409, "not in the set"),
        ({"track": 1, "scene": 9, "notes": [note]}, 409, "There is no clip in scene 9 of track 1"),
        ({"clip": audio, "notes": [note]}, 422, "is audio and has no notes"),
        ({"clip": take["clip"], "notes": [note, note]}, 422, "Notes 1 and 2 are the same pitch at beat 0"),
        ({"clip": take["clip"], "notes": [[-1.0, 60, 1.0, 90]]}, 422, "before the clip, which begins at 0"),
        ({"clip": take["clip"], "notes": [[0.0, 128, 1.0, 90]]}, 422, "notes"),
        ({"clip": take["clip"], "notes": [[0.0, 60, 0.0, 90]]}, 422, "notes"),
        ({"clip": take["clip"], "notes": [[0.0, 60, 1.0, 0]]}, 422, "notes"),
        ({"clip": take["clip"], "notes": [[20_000.0, 60, 1.0, 90]]}, 422, "notes"),
        ({"clip": take["clip"], "notes": [note] * 5001}, 422, "notes"),
        ({"clip": take["clip"]}, 422, "notes"),
    ):
        answer = ada.post(f"/sessions/{session}/edit", json=body)
        assert (answer.status_code, said in answer.json()["detail"]) == (status, True), (body, answer.text)
    assert ada.get(f"/sessions/{session}/set").json()["version"] == sound["version"], "nothing was written"


def ramp(seconds: float, channels: int = 1) -> bytes:
    """A saw that grows: silence at first, full scale at the end."""
    count = round(seconds * RATE)
    mono = np.linspace(0.0, 1.0, count) * np.resize([1.0, -1.0], count)
    return encode(np.stack([mono] * channels, axis=1) if channels > 1 else mono)


def test_the_waveform_of_a_clip_is_that_of_its_file(ada: httpx.Client, make: Make) -> None:
    session = make()
    made = place(ada, session, ramp(4.0, channels=2), name="ramp.wav")
    clip = clips(ada, session)[0]["id"]
    drawn = ada.get(f"/sessions/{session}/clips/{clip}/peaks", params={"columns": 16})
    peaks = drawn.json()
    assert (peaks["columns"], peaks["seconds"], peaks["start"], peaks["end"]) == (16, 4.0, 0.0, 4.0)
    wanted = [min(127, round(128 * (column + 1) / 16)) for column in range(16)]
    assert peaks["high"] == pytest.approx(wanted, abs=1)
    assert peaks["low"] == pytest.approx([-each for each in wanted], abs=1)
    part = ada.get(f"/sessions/{session}/clips/{clip}/peaks", params={"columns": 16, "start": 3.0, "end": 5.0}).json()
    assert (part["start"], part["end"], part["high"][0]) == (3.0, 4.0, pytest.approx(97, abs=2))
    same = {"if-none-match": drawn.headers["etag"]}
    assert ada.get(f"/sessions/{session}/clips/{clip}/peaks", params={"columns": 16}, headers=same).status_code == 304
    by_file = ada.get(f"/files/{made['upload']}/peaks", params={"columns": 16}).json()
    assert by_file == peaks
    found = detail(ada, session, clip)
    assert (found["kind"], found["seconds"], found["notes"], found["file"]) == ("audio", 4.0, [], "ramp.wav")
    assert len(found["warp"]) >= 2
    for query in ({"columns": 15}, {"columns": 4001}, {"start": -1}, {"start": 2, "end": 1}):
        assert ada.get(f"/sessions/{session}/clips/{clip}/peaks", params=query).status_code == 422, query


def test_what_was_heard_in_a_clip_is_told(ada: httpx.Client, make: Make) -> None:
    session = make(bpm=100)
    place(ada, session, loop())
    found = detail(ada, session, clips(ada, session)[0]["id"])
    assert len(found["beats"]) in (15, 16, 17)
    assert found["beats"][1] - found["beats"][0] == pytest.approx(0.6, abs=0.02)
    assert found["chords"]
    assert found["chords"][0][0] == pytest.approx(0.0, abs=0.5)


def test_the_waveform_of_a_take_is_that_of_its_sound(ada: httpx.Client, make: Make) -> None:
    session = make()
    take = a_take(ada, session)
    peaks = ada.get(f"/takes/{take['id']}/peaks", params={"columns": 64}).raise_for_status().json()
    assert peaks["seconds"] >= 4.0, "two bars at 120 BPM, and what rings out"
    assert max(peaks["high"]) > 20
    assert min(peaks["low"]) < -20
    job = begin(ada, f"/sessions/{session}/imagine", prompt="warm bass", bars=1, backend="sketch", takes=2)
    done = finish(ada, job)
    files = [file for file in done["result"]["files"] if file["name"].endswith(".wav")]
    takes = done["result"]["outcome"]["takes"]
    for file, sound in zip(files, takes, strict=True):
        of_file = ada.get(f"/files/{file['id']}/peaks", params={"columns": 64}).json()
        assert ada.get(f"/takes/{sound['id']}/peaks", params={"columns": 64}).json() == of_file
        assert detail(ada, session, sound["clip"])["take"] == sound["id"]
    assert ada.get(f"/takes/{takes[0]['id']}/audio").status_code == 422


def test_a_file_that_is_no_sound_has_no_waveform(ada: httpx.Client) -> None:
    upload = ada.post("/uploads", json={"name": "x.txt", "bytes": 4}).raise_for_status().json()["id"]
    piece = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
    assert ada.patch(f"/uploads/{upload}", content=b"text", headers=piece).status_code == 204
    answer = ada.get(f"/files/{upload}/peaks")
    assert (answer.status_code, "no audio that can be read" in answer.json()["detail"]) == (422, True)
    assert "/" not in answer.json()["detail"], "where files are is the machine's own business"


def test_a_set_of_its_own_has_no_transport(ada: httpx.Client, make: Make) -> None:
    session = make()
    take = a_take(ada, session)
    launch = {"intent": "launch", "tracks": [take["track"]], "scene": 1}
    for answer in (ada.get(f"/sessions/{session}/transport"), ada.post(f"/sessions/{session}/actions", json=launch)):
        assert (answer.status_code, answer.json()["code"]) == (422, "unsupported")
        assert "Nothing plays in a set of its own" in answer.json()["detail"]


def test_health_says_how_the_server_is(ada: httpx.Client, make: Make) -> None:
    from musearoo import __version__

    a_take(ada, make())
    health = ada.get("/health").raise_for_status().json()
    assert (health["version"], health["daemon"], health["lives"]) == (__version__, "", [])
    assert health["problem"].startswith("MuseAroo is not running")
    assert 0.0 < health["api"]["p50"] <= health["api"]["p99"]
    assert health["disk_free"] > 0
    assert health["jobs"].keys() == {"waiting", "running"}
    assert (health["predictions"], health["latency"]) == (None, {})
