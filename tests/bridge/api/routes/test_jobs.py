"""Jobs by REST and WebSocket: what they make, how far they are, cancelling, and who may see them."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy", "soxr")

import httpx2 as httpx
import msgspec
import soundfile

from tests.bridge.api.jobs.some_sounds import (
    begin,
    clips,
    finish,
    long_noise,
    loop,
    new_session,
    place,
    wait_until,
)
from tests.bridge.api.running import RunningServer, people

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client(running: RunningServer) -> Iterator[httpx.Client]:
    """A client of this machine's user."""
    with running.client() as client:
        yield client


def test_a_split_becomes_tracks_and_files_and_is_taken_back_in_one_step(client: httpx.Client) -> None:
    session = new_session(client)
    place(client, session, loop(), name="Groove.wav")
    job = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
    assert (job["kind"], job["request"]["backend"], job["fault"]) == ("split", "dsp", None)
    ended = finish(client, job)
    assert (ended["state"], ended["fraction"], ended["phase"]) == ("done", 1.0, "")
    assert ended["made"] <= ended["began"] <= ended["ended"]
    result = ended["result"]
    assert result["facts"]["backend"] == "dsp"
    assert [file["kind"] for file in result["files"]] == ["stem"] * 4
    assert {clip["file"] for clip in clips(client, session)} >= {file["name"] for file in result["files"]}
    whole = client.get(result["files"][0]["url"].removeprefix("/api/v3")).raise_for_status()
    sound = soundfile.info(io.BytesIO(whole.content))
    assert sound.duration == pytest.approx(9.6, abs=0.01)
    part = client.get(result["files"][0]["url"].removeprefix("/api/v3"), headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")
    undone = client.post(f"/sessions/{session}/undo").raise_for_status().json()
    assert undone["version"] == result["outcome"]["version"] + 1
    assert len(clips(client, session)) == 1


def test_a_prompt_becomes_a_loop_of_the_sets_tempo(client: httpx.Client) -> None:
    session = new_session(client, bpm=120)
    job = begin(client, f"/sessions/{session}/imagine", prompt="warm dub bass", bars=2, backend="sketch", seed=5)
    result = finish(client, job)["result"]
    assert result["facts"]["takes"] == [{"seed": 5, "bpm": 120.0, "bars": 2, "seconds": 4.0}]
    assert [clip["length"] for clip in clips(client, session)] == [8.0]


def test_a_set_is_rendered_in_each_format(client: httpx.Client) -> None:
    session = new_session(client, bpm=120)
    client.post(f"/sessions/{session}/band", json={"style": "house", "bars": 1, "seed": 1}).raise_for_status()
    jobs = {name: begin(client, f"/sessions/{session}/render", format=name, ending="loop") for name in ("flac", "opus")}
    for name, job in jobs.items():
        file = finish(client, job)["result"]["files"][0]
        answer = client.get(file["url"].removeprefix("/api/v3")).raise_for_status()
        assert file["name"] == f"Untitled.{name}"
        assert soundfile.info(io.BytesIO(answer.content)).duration == pytest.approx(2.0, abs=0.03), name
    empty = finish(client, begin(client, f"/sessions/{new_session(client)}/render"))
    assert (empty["state"], empty["fault"]["status"]) == ("failed", 422)
    assert empty["fault"]["detail"] == "set must be a set with MIDI clips that have notes, but was 'empty'."


def test_a_cancel_reaches_the_work_and_leaves_nothing(running: RunningServer, client: httpx.Client) -> None:
    session = new_session(client)
    place(client, session, long_noise())
    job = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
    waiting = begin(client, f"/sessions/{session}/imagine", prompt="dub", backend="sketch")
    working = wait_until(client, job, "working")
    assert working["state"] == "running"
    assert client.get(f"/jobs/{waiting['id']}").json()["place"] == 1
    started = time.monotonic()
    cancelled = client.post(f"/jobs/{job['id']}/cancel").raise_for_status().json()
    assert cancelled["state"] == "cancelled"
    assert finish(client, waiting)["state"] == "done", "the next one has the process, so that the first has stopped"
    assert time.monotonic() - started < 6.0
    assert [clip["kind"] for clip in clips(client, session)] == ["audio", "audio"]
    assert not (running.home / "made" / session / job["id"]).exists()
    again = client.post(f"/jobs/{job['id']}/cancel").raise_for_status().json()
    assert (again["state"], again["ended"]) == ("cancelled", pytest.approx(cancelled["ended"], abs=1e-3))


def test_a_job_whose_clip_has_gone_fails_with_a_sentence(running: RunningServer, client: httpx.Client) -> None:
    session = new_session(client)
    place(client, session, long_noise(), name="Rain.wav")
    job = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
    wait_until(client, job, "working")
    action = {"intent": "delete", "what": "clip", "tracks": [1], "scene": 1}
    client.post(f"/sessions/{session}/actions", json=action).raise_for_status()
    ended = finish(client, job)
    assert ended["state"] == "failed"
    assert ended["fault"]["detail"] == "Rain was deleted while it was being split: nothing was written."
    assert str(running.home) not in str(ended)
    assert not (running.home / "made" / session / job["id"]).exists()


def test_refusals_come_before_or_with_the_job(client: httpx.Client) -> None:
    session = new_session(client)
    assert client.post(f"/sessions/{session}/split", json={"stems": 5}).status_code == 422
    assert client.post("/sessions/nobody/split", json={}).status_code == 404
    assert client.get("/jobs/nothing").status_code == 404
    assert client.post("/jobs/nothing/cancel").status_code == 404
    ended = finish(client, begin(client, f"/sessions/{session}/split"))
    assert ended["state"] == "failed"
    assert ended["fault"]["detail"].endswith("."), ended
    ended = finish(client, begin(client, f"/sessions/{session}/imagine", prompt="x", backend="musicgen"))
    assert "musearoo models fetch" in ended["fault"]["detail"] or "setup" in ended["fault"]["detail"]


def test_jobs_belong_to_their_user_and_the_sessions_members(running: RunningServer) -> None:
    with people(running, "jan", "bo") as clients:
        jan, bo = clients["jan"], clients["bo"]
        session = new_session(jan)
        job = begin(jan, f"/sessions/{session}/imagine", prompt="dub", backend="sketch", bars=1)
        file = finish(jan, job)["result"]["files"][0]["url"].removeprefix("/api/v3")
        assert bo.get(f"/jobs/{job['id']}").status_code == 404
        assert bo.get(file).status_code == 404
        jan.put(f"/sessions/{session}/members/bo", json={"role": "listener"}).raise_for_status()
        assert bo.get(f"/jobs/{job['id']}").status_code == 200
        assert bo.get(file).status_code == 200
        assert bo.post(f"/jobs/{job['id']}/cancel").status_code == 404, "a listener changes nothing"
        assert bo.get("/jobs").json()["items"] == []
        assert [each["id"] for each in jan.get("/jobs", params={"session": session}).json()["items"]] == [job["id"]]


def test_a_user_has_so_many_jobs_at_most(running: RunningServer) -> None:
    with people(running, "many") as clients:
        client = clients["many"]
        session = new_session(client)
        place(client, session, long_noise())
        jobs = [begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1) for _ in range(8)]
        refused = client.post(f"/sessions/{session}/split", json={"backend": "dsp"})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_jobs")
        assert int(refused.headers["retry-after"]) >= 1
        places = [each["place"] for each in client.get("/jobs").json()["items"]]
        assert places == [7, 6, 5, 4, 3, 2, 1, None]
        for job in jobs:
            client.post(f"/jobs/{job['id']}/cancel").raise_for_status()
        assert {each["state"] for each in client.get("/jobs").json()["items"]} == {"cancelled"}


def test_a_session_takes_its_files_along(running: RunningServer, client: httpx.Client) -> None:
    session = new_session(client)
    found = place(client, session, loop(seed=77))
    job = begin(client, f"/sessions/{session}/imagine", prompt="dub", backend="sketch", bars=1)
    file = finish(client, job)["result"]["files"][0]["url"].removeprefix("/api/v3")
    unfinished = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
    assert client.delete(f"/sessions/{session}").status_code == 204
    assert client.get(f"/jobs/{unfinished['id']}").status_code == 404
    assert not (running.home / "made" / session).exists()
    assert client.get(file).status_code == 404
    assert client.get(f"/uploads/{found['upload']}").json()["complete"], "what was uploaded stays the user's"
    assert client.delete(f"/sessions/{session}").status_code == 404


def test_progress_comes_by_websocket_and_a_sentence_begins_a_job(running: RunningServer, client: httpx.Client) -> None:
    from websockets.sync.client import connect
    from websockets.typing import Subprotocol

    session = new_session(client)
    place(client, session, loop(seed=41))
    url = f"ws://127.0.0.1:{running.port}/ws/{session}"
    with connect(url, subprotocols=[Subprotocol("musearoo.v1")], open_timeout=5) as socket:
        socket.send(msgspec.msgpack.encode(["hello", 1, {"token": running.token}]))
        said = client.post(f"/sessions/{session}/say", json={"text": "split track one"})
        assert said.status_code == 202, said.text
        job = said.json()["job"]
        states: list[dict[str, Any]] = []
        while not states or states[-1]["ended"] is None:
            frame, _, body = msgspec.msgpack.decode(socket.recv(timeout=20, decode=False))
            if frame == "event" and body["event"] == "job":
                states.append(body["job"])
    assert {state["id"] for state in states} == {job["id"]}
    fractions = [state["fraction"] for state in states]
    assert fractions == sorted(fractions)
    assert {state["phase"] for state in states} <= {"waiting", "loading", "fetching", "working", "writing", ""}
    assert states[-1]["state"] in ("done", "failed")
