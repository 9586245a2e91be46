"""WebSocket: hello, requests, events for everybody, turns, REST in frames, sound, and what is not allowed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.bridge.api.running import RunningServer, people
from tests.bridge.api.websocket.live_line import LiveLine

FUNK = {"do": "generate", "engine": "drums", "style": "funk", "bars": 2, "seed": 4}


def new_session(server: RunningServer, **fields: Any) -> str:
    """A new session of the local user's."""
    with server.client() as client:
        made: str = client.post("/sessions", json=fields).json()["id"]
    return made


@pytest.mark.parametrize("is_text", [False, True], ids=["msgpack", "json"])
def test_a_request_is_answered_and_everybody_sees_it(running: RunningServer, is_text: bool) -> None:
    session = new_session(running, key="A minor")
    with (
        LiveLine(running, session, is_text=is_text) as one,
        LiveLine(running, session, is_text=not is_text) as other,
    ):
        type, id, welcome = one.welcome
        assert (type, id, welcome["role"], welcome["version"]) == ("welcome", 1, "owner", 0)
        assert welcome["changes"]["whole"]
        assert welcome["changes"]["song"]["key"] == "A minor"
        type, _, outcome = one.ask("do", FUNK)
        assert (type, outcome["do"], outcome["version"], outcome["sentence"]) == ("done", "generate", 1, "funk drums")
        seen = other.event("set")
        assert seen["by"] == "local"
        assert seen["changes"]["version"] == 1
        assert [track["name"] for track in seen["changes"]["tracks"]] == ["DrummaRoo"]
        assert seen["takes"] == outcome["takes"]


def test_after_a_reconnect_only_what_has_changed_is_told(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        line.ask("do", FUNK)
    with running.client() as client:
        client.post(f"/sessions/{session}/generate/bass", json={"bars": 2})
        client.post(f"/sessions/{session}/actions", json={"intent": "tempo", "bpm": 99})
    with LiveLine(running, session, since=1) as line:
        changes = line.welcome[2]["changes"]
        assert (changes["version"], changes["whole"], changes["song"]["bpm"]) == (3, False, 99.0)
        assert [track["name"] for track in changes["tracks"]] == ["BassaRoo"]
    with LiveLine(running, session, since=77) as line:
        assert line.welcome[2]["changes"]["whole"]


def test_several_clips_are_changed_in_one_frame_and_one_step(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        line.ask("do", FUNK)
        line.ask("do", {"do": "generate", "engine": "bass", "style": "funk", "bars": 2, "seed": 4})
        busier = {"do": "refine", "changes": ["busier"], "replace": True, "clips": [{"scene": 1}]}
        type, _, outcome = line.ask("do", busier)
        assert (type, outcome["do"], outcome["version"]) == ("done", "refine", 3)
        assert [take["part"] for take in outcome["takes"]] == ["drums", "bass"]
        undone = line.ask("do", {"do": "undo"})[2]
        assert undone["sentence"].startswith("Undone: funk drums and funk bass")


def test_turns_are_previews_until_the_last_and_late_ones_win(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        # So long that the turns come faster than they are played.
        take = line.ask("do", {**FUNK, "bars": 64})[2]["takes"][0]
        busier = line.ask("turn", {"take": take["id"], "params": {"complexity": 1.0}})
        assert busier[0] == "preview"
        assert busier[2]["version"] is None
        assert busier[2]["takes"][0]["notes"] != take["notes"]
        # A busy machine may send so slowly that each is played: then they are sent again.
        for burst in range(100, 2100, 100):
            for step in range(8):
                line.send("turn", burst + step, {"take": take["id"], "params": {"density": step / 8}})
            answers: dict[int, tuple[str, Any]] = {}
            while burst + 7 not in answers:
                type, id, body = line.receive()
                answers[id] = (type, body)
            assert answers[burst + 7][0] == "preview", "the last one is played"
            if skipped := {body["code"] for type, body in answers.values() if type == "problem"}:
                break
        assert skipped == {"superseded"}
        type, _, body = line.ask("turn", {"take": take["id"], "params": {"density": 1.0}, "final": True})
        assert (type, body["version"]) == ("done", 2)
        with running.client() as client:
            clips = client.get(f"/sessions/{session}/set").json()["clips"]
        assert len(clips) == 1, "the take is played again in its slot"
        assert line.ask("turn", {"take": take["id"], "params": {"engine": "bass"}})[2]["field"] == "engine"
        assert line.ask("turn", {"take": take["id"], "params": {"kazoo": 1}})[2]["code"] == "bad_parameter"
        assert line.ask("turn", {"take": "none", "params": {}})[2]["code"] == "not_found"


def test_a_turn_of_a_song_is_a_preview_of_all_its_parts_and_then_one_step(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        made = line.ask("do", {"do": "song", "style": "funk", "seconds": 20, "seed": 3})[2]
        turn = {"take": made["takes"][1]["id"], "params": {"complexity": 1.0}}
        type, _, preview = line.ask("turn", turn)
        assert (type, preview["version"], len(preview["takes"])) == ("preview", None, len(made["takes"]))
        type, _, done = line.ask("turn", {**turn, "final": True})
        assert (type, done["version"]) == ("done", 2)
        assert [take["notes"] for take in done["takes"]] == [take["notes"] for take in preview["takes"]]
        longer = line.ask("turn", {**turn, "params": {"seconds": 200}})
        assert (longer[0], longer[2]["code"]) == ("problem", "bad_parameter")


def test_a_turn_with_nothing_new_gives_the_very_take(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        line.ask("do", FUNK)
        take = line.ask("do", {"do": "generate", "engine": "bass", "style": "funk", "bars": 2})[2]["takes"][0]
        again = line.ask("turn", {"take": take["id"], "params": {}})[2]["takes"][0]
        assert again["notes"] == take["notes"]
        assert again["context_hash"] == take["context_hash"]


@pytest.mark.parametrize("is_text", [False, True], ids=["msgpack", "json"])
def test_any_request_of_rest_has_a_frame(running: RunningServer, is_text: bool) -> None:
    session = new_session(running)
    with LiveLine(running, session, is_text=is_text) as line:
        take = line.ask("do", FUNK)[2]["takes"][0]["id"]
        long = line.ask("do", {**FUNK, "bars": 16})[2]["takes"][0]["id"]
        styles = line.ask("rest", {"path": "/styles"})[2]
        assert styles["status"] == 200
        assert "funk" in [style["name"] for style in styles["body"]]
        midi = line.ask("rest", {"path": f"/takes/{take}/midi"})[2]
        assert midi["headers"]["content-type"] == "audio/midi"
        assert midi["body"][:4] in (b"MThd", "TVRo")
        made = line.ask("rest", {"method": "POST", "path": "/sessions", "body": {"name": "by frame"}})[2]
        assert (made["status"], made["body"]["name"]) == (201, "by frame")
        wrong = line.ask("rest", {"method": "POST", "path": "/sessions", "body": {"bpm": 5}})[2]
        assert (wrong["status"], wrong["body"]["field"]) == (422, "bpm")
        assert line.ask("rest", {"path": "/../../healthz"})[2]["status"] == 404
        assert line.ask("rest", {"path": "//[x"})[2]["code"] == "bad_request"
        sound = line.ask("rest", {"path": f"/takes/{take}/audio?format=opus"})[2]
        assert len(sound["body"]) > 10_000
        assert line.ask("rest", {"path": f"/takes/{long}/audio?format=wav"})[2]["code"] == "too_large"


def test_no_token_of_a_login_stays_in_the_store(running: RunningServer) -> None:
    with people(running, "kim") as clients, LiveLine(running, new_session(running)) as line:
        kim = clients["kim"]
        clients["local"].post("/users", json={"name": "kurt", "password": "a long password"})
        asked = {
            "method": "POST",
            "path": "/login",
            "body": {"name": "kurt", "password": "a long password"},
            "headers": {"idempotency-key": "login-by-frame"},
        }
        token = line.ask("rest", asked)[2]["body"]["token"]
        assert line.ask("rest", asked)[2]["status"] == 409
        kim.close()
    stored = b"".join(file.read_bytes() for file in running.home.glob("musearoo.db*"))
    assert token.encode() not in stored


def test_each_cancelled_request_has_one_answer_and_what_is_stored_is_told(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line, LiveLine(running, session) as other:
        for number in range(100, 130):
            line.send("do", number, {"do": "generate", "engine": "drums", "bars": 2, "seed": number})
            time.sleep((number % 10) / 1500)
            line.send("cancel", number, None)
            type, _, body = line.until(lambda frame, number=number: frame[1] == number)  # type: ignore[misc]
            assert type == "done" or body["code"] == "cancelled"
        with running.client() as client:
            version = client.get(f"/sessions/{session}/set").json()["version"]
            steps = client.get(f"/sessions/{session}/history").json()["items"]
        told = [other.event("set")["changes"]["version"] for _ in range(version)]
        assert told == list(range(1, version + 1)) == [step["version"] for step in reversed(steps)]


def test_a_take_sounds_in_frames(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        take = line.ask("do", FUNK)[2]["takes"][0]["id"]
        line.send("play", 50, {"take": take, "format": "wav"})
        sound, frame = b"", line.until(lambda frame: frame[1] == 50)
        while frame[0] == "audio":
            sound += frame[2]
            frame = line.until(lambda frame: frame[1] == 50)
        assert frame[0] == "audio_end"
        assert frame[2]["seconds"] > 4.0
        assert sound[:4] == b"RIFF"
        assert len(sound) > 100_000


def test_listeners_see_and_hear_but_change_nothing(running: RunningServer) -> None:
    session = new_session(running)
    with people(running, "lena") as clients:
        lena = clients["lena"].headers["authorization"].removeprefix("Bearer ")
        with LiveLine(running, session, token=lena) as line:
            assert line.welcome[2]["code"] == "not_found"
            with pytest.raises(ConnectionClosed):
                line.receive()
        clients["local"].put(f"/sessions/{session}/members/lena", json={"role": "listener"})
        with LiveLine(running, session, token=lena) as line, LiveLine(running, session) as own:
            assert line.welcome[2]["role"] == "listener"
            assert "lena" in own.event("people")["names"] or own.welcome[2]["people"] == ["lena", "local"]
            assert line.ask("do", FUNK)[2]["code"] == "missing_role"
            own.ask("do", FUNK)
            assert line.event("set")["by"] == "local"
            clients["local"].put(f"/sessions/{session}/members/lena", json={"role": "editor"})
            assert line.ask("do", {"do": "undo"})[0] == "done"
            assert own.until(lambda f: f[0] == "event" and f[2].get("by") == "lena")[2]["do"] == "undo"
            clients["local"].delete(f"/sessions/{session}/members/lena")
            assert line.event("closed")["sentence"]


def test_files_come_in_frames_as_far_as_they_fit(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line, running.client() as client:
        take = line.ask("do", {**FUNK, "bars": 1})[2]["takes"][0]["id"]
        path = f"/takes/{take}/audio?format=flac"
        whole = client.get(path).content
        answer = line.ask("rest", {"path": path})[2]
        assert (answer["status"], answer["body"]) == (200, whole)
        part = line.ask("rest", {"path": path, "headers": {"range": "bytes=4-13"}})[2]
        assert (part["status"], part["body"]) == (206, whole[4:14])
        long = line.ask("do", {**FUNK, "bars": 16, "scene": 0})[2]["takes"][0]["id"]
        refused = line.ask("rest", {"path": f"/takes/{long}/audio?format=wav"})
        assert (refused[0], refused[2]["status"], refused[2]["code"]) == ("problem", 413, "too_large")
        for wrong, status in (("//[x", 400), ("/%00", 404)):
            type, _, frame = line.ask("rest", {"path": wrong})
            assert frame["status"] == status, (wrong, type, frame)
        assert line.ask("ping", None)[0] == "pong"


def test_what_has_no_place_is_a_problem_and_the_line_goes_on(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        for data, code in (
            (b"\xff\xff", "bad_frame"),
            (b"\x93", "bad_frame"),
            (b"", "bad_frame"),
            (b"\x93\xa2do\xff\xc0", "bad_frame"),
        ):
            line.send_bytes(data)
            assert line.until(lambda frame: frame[0] == "problem")[2]["code"] == code, data
        for type, body, code in (
            ("nonsense", {}, "bad_frame"),
            ("do", 5, "bad_parameter"),
            ("do", {"do": "generate", "bars": 900}, "bad_parameter"),
            ("do", {"do": "fly"}, "bad_parameter"),
            ("hello", {}, "conflict"),
            ("audio", b"1234", "conflict"),
            ("audio_end", {}, "conflict"),
            ("play", {"take": "none"}, "not_found"),
        ):
            line.number += 1
            line.send(type, line.number, body)
            problem = line.until(lambda frame: frame[0] == "problem")[2]
            assert problem["code"] == code, (type, body, problem)
        assert line.ask("ping", None)[0] == "pong"


def test_who_does_not_say_hello_is_let_go(running: RunningServer) -> None:
    session = new_session(running)
    url = f"ws://127.0.0.1:{running.port}/ws/{session}"
    with pytest.raises(InvalidStatus, match="403"), connect(url, compression=None):
        pass
    with pytest.raises(InvalidStatus, match="403"), connect(url, subprotocols=["musearoo.v1"], origin="http://evil"):  # type: ignore[list-item,arg-type]
        pass
    line = connect(url, subprotocols=["musearoo.v1"], compression=None)  # type: ignore[list-item]
    with line, pytest.raises(ConnectionClosed, match="1008"):
        line.recv(10.0)


def test_a_closed_session_says_so_and_ends(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line, running.client() as client:
        client.post(f"/sessions/{session}/close")
        assert "closed" in line.event("closed")["sentence"]
        with pytest.raises(ConnectionClosed):
            line.receive()


def revocable(ada: httpx.Client) -> tuple[str, dict[str, Any]]:
    """A session of Ada's, and a token of hers."""
    session: str = ada.post("/sessions", json={}).json()["id"]
    return session, ada.post("/tokens", json={"name": "phone", "scopes": ["make"]}).json()


def test_a_revoked_token_asks_for_nothing_more(running: RunningServer) -> None:
    with people(running, "revoking") as them:
        session, made = revocable(them["revoking"])
        with LiveLine(running, session, token=made["token"]) as phone:
            assert phone.ask("do", FUNK)[0] == "done"
            assert them["revoking"].delete(f"/tokens/{made['id']}").status_code == 204
            kind, _, problem = phone.ask("do", FUNK)
            assert (kind, problem["status"]) == ("problem", 401)
        assert them["revoking"].get(f"/sessions/{session}").json()["takes"] == 1


def test_a_revoked_token_listens_to_nothing_more(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1", impatient=True) as server, people(server, "ada") as them:
        session, made = revocable(them["ada"])
        with LiveLine(server, session, token=made["token"]) as phone:
            assert phone.ask("ping", None)[0] == "pong"
            assert them["ada"].delete(f"/tokens/{made['id']}").status_code == 204
            with pytest.raises(ConnectionClosed, match="1008"):
                phone.until(lambda _: False)


def test_what_another_server_of_the_store_ends_ends_here(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with (
        RunningServer(home, "--composers", "1", impatient=True) as here,
        RunningServer(home, "--composers", "1") as there,
        people(here, "ada", "bob") as them,
        there.client(str(them["ada"].headers["authorization"]).removeprefix("Bearer ")) as ada,
    ):
        bob = str(them["bob"].headers["authorization"]).removeprefix("Bearer ")
        for method, path in (("DELETE", "/members/bob"), ("POST", "/close"), ("DELETE", "")):
            session = ada.post("/sessions", json={}).json()["id"]
            ada.put(f"/sessions/{session}/members/bob", json={"role": "listener"}).raise_for_status()
            with LiveLine(here, session, token=bob) as line:
                assert line.ask("ping", None)[0] == "pong"
                ada.request(method, f"/sessions/{session}{path}").raise_for_status()
                with pytest.raises(ConnectionClosed, match="1008"):
                    line.until(lambda _: False)
