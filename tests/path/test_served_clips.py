"""What a page sees and does of Live's set through the server: clips, edited notes, waveforms, launches, transport."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from musearoo.tools.studio.processes import Studio
from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx

from tests.bridge.api.running import RunningServer
from tests.bridge.api.websocket.live_line import LiveLine
from tests.path.test_served import client, server, session, until

__all__ = ["client", "server", "session"]


@pytest.fixture(autouse=True)
def nothing_stays(studio: Studio) -> Iterator[None]:
    """Each test takes back what it did."""
    before = studio.live.snapshot()["tracks"]
    yield
    studio.live.call("song.stop_playing")
    assert studio.live.snapshot()["tracks"] == before


def ask(client: httpx.Client, session: str, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/sessions/{session}/{path}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def detail(client: httpx.Client, session: str, clip: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/sessions/{session}/clips/{clip}").raise_for_status().json()
    return found


def test_edited_notes_are_a_take_in_live_and_one_step(client: httpx.Client, session: str) -> None:
    (bass,) = ask(client, session, "generate/bass", style="funk", bars=1, seed=3)["takes"]
    found = client.get(f"/sessions/{session}/clips/{bass['clip']}")
    assert (found.json()["notes"], found.json()["take"]) == (bass["notes"], bass["id"])
    same = {"if-none-match": found.headers["etag"]}
    assert client.get(f"/sessions/{session}/clips/{bass['clip']}", headers=same).status_code == 304
    notes = [[0.0, 31, 0.5, 77], *bass["notes"][1:]]
    outcome = ask(client, session, "edit", take=bass["id"], notes=notes)
    (below,) = outcome["takes"]
    assert (below["track"], below["scene"] > bass["scene"], below["name"]) == (bass["track"], True, bass["name"])
    assert {name: below[name] for name in ("engine", "seed", "style", "part")} == {
        name: bass[name] for name in ("engine", "seed", "style", "part")
    }
    assert (below["parent"], below["notes"], outcome["sentence"]) == (
        bass["id"],
        sorted(notes),
        f"{bass['name']}, edited",
    )
    assert detail(client, session, below["clip"])["take"] == below["id"]
    longer = [*notes, [9.0, 43, 1.0, 90]]
    version = client.get(f"/sessions/{session}/set").json()["version"]
    body = {"clip": bass["clip"], "notes": longer, "replace": True, "version": version}
    (inside,) = ask(client, session, "edit", **body)["takes"]
    assert (inside["clip"], inside["parent"]) == (bass["clip"], bass["id"])
    now = detail(client, session, bass["clip"])
    assert (now["notes"], now["take"], now["length"], now["loop_end"]) == (sorted(longer), inside["id"], 12.0, 12.0)
    assert client.post(f"/sessions/{session}/edit", json=body).status_code == 409
    steps = until(lambda: _steps(client, session, 3))
    assert [(step["do"], step["label"]) for step in steps[:2]] == [("edit", f"{bass['name']}, edited")] * 2
    ask(client, session, "undo")
    assert detail(client, session, bass["clip"]) == found.json(), "one step takes notes and length back"
    ask(client, session, "undo")
    assert client.get(f"/sessions/{session}/clips/{below['clip']}").status_code == 404
    ask(client, session, "undo")
    gone = client.post(f"/sessions/{session}/edit", json={"take": bass["id"], "notes": notes})
    assert (gone.status_code, gone.json()["code"]) == (409, "gone")


def test_as_many_notes_as_may_be_go_into_live(client: httpx.Client, session: str) -> None:
    (bass,) = ask(client, session, "generate/bass", style="funk", bars=1, seed=3)["takes"]
    notes = [[number / 16.0, number % 128, 0.06, 1 + number % 127] for number in range(5000)]
    (take,) = ask(client, session, "edit", clip=bass["clip"], notes=notes, replace=True)["takes"]
    assert take["notes"] == notes
    assert detail(client, session, take["clip"])["notes"] == notes
    for _ in range(2):
        ask(client, session, "undo")


def _steps(client: httpx.Client, session: str, count: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"/sessions/{session}/history").json()["items"]
    return items if len(items) >= count else []


def test_a_clip_of_the_users_is_seen_and_edited_by_hand(client: httpx.Client, session: str, studio: Studio) -> None:
    (made,) = ask(client, session, "generate/bass", style="funk", bars=1, seed=4)["takes"]
    path = f"song.tracks[{made['track'] - 1}].clip_slots[{made['scene'] - 1}].clip"
    studio.live.call(f"{path}.remove_notes_extended", 0, 128, 0.0, 0.9)
    studio.live.set(f"{path}.loop_start", 1.0)
    found = until(lambda: _if(detail(client, session, made["clip"]), take=None, loop_start=1.0))
    assert (found["length"], found["loop_end"], min(found["notes"])[0] >= 0.9) == (3.0, 4.0, True)
    kept = [note for note in found["notes"] if note[0] >= 1.0]
    (take,) = ask(client, session, "edit", track=made["track"], scene=made["scene"], notes=kept)["takes"]
    assert (take["length_beats"], take["notes"]) == (3.0, [[note[0] - 1.0, *note[1:]] for note in kept])
    assert (take["engine"], take["seed"], take["parent"], take["part"]) == ("hand", 0, None, "bass")
    (again,) = ask(client, session, "edit", clip=take["clip"], notes=[[0.0, 50, 1.0, 90]], replace=True)["takes"]
    assert (again["engine"], again["parent"]) == ("hand", take["id"])
    for _ in range(2):
        ask(client, session, "undo")
    for _ in range(2):
        studio.live.undo()
    ask(client, session, "undo")


def _if(found: dict[str, Any], **wanted: Any) -> dict[str, Any] | None:
    return found if {name: found[name] for name in wanted} == wanted else None


def test_launches_play_and_the_transport_is_told(
    client: httpx.Client, session: str, server: RunningServer, studio: Studio
) -> None:
    (bass,) = ask(client, session, "generate/bass", style="funk", bars=1, seed=3)["takes"]
    stands = until(lambda: _transport(client, session))
    assert (stands["playing"], stands["clips"]) == (False, [])
    with LiveLine(server, session, events=["transport"]) as line:
        launched = ask(client, session, "actions", intent="launch", tracks=[bass["track"]], scene=bass["scene"])
        assert launched["sentence"] == f"{bass['name']} launched"
        told = line.until(lambda frame: frame[0] == "event" and bool(frame[2]["transport"]["clips"]))[2]["transport"]
        assert [each["clip"] for each in told["clips"]] == [bass["clip"]]
        moving = line.until(lambda frame: frame[0] == "event" and frame[2]["transport"]["playing"])[2]["transport"]
        assert 0.0 <= moving["sent"] - moving["at"] < 2.0
        now = _transport(client, session)
        assert now is not None
        expected = now["beat"] + (now["sent"] - now["at"]) * now["bpm"] / 60.0
        assert expected == pytest.approx(float(studio.live.get("song.current_song_time")), abs=1.0)
        assert all(each["since"] is None or each["since"] <= expected for each in now["clips"])
        studio.live.call("song.stop_playing")
        line.until(lambda frame: frame[0] == "event" and not frame[2]["transport"]["playing"])
    scene = ask(client, session, "actions", intent="launch", what="scene", scene=bass["scene"])
    assert scene["sentence"].startswith(f"Scene {bass['scene']}")
    for body in ({"what": "scene", "scene": 99}, {"what": "track"}, {"tracks": [bass["track"]], "scene": 8}):
        assert client.post(f"/sessions/{session}/actions", json={"intent": "launch", **body}).status_code in (409, 422)
    undone = ask(client, session, "undo")
    assert undone["sentence"] == f"Undone: {bass['name']}", "a launch is no step: what it launched is taken back"


def _transport(client: httpx.Client, session: str) -> dict[str, Any] | None:
    answer = client.get(f"/sessions/{session}/transport")
    return answer.json() if answer.status_code == 200 else None


def test_the_waveform_of_a_clip_in_live_is_drawn(client: httpx.Client, session: str) -> None:
    job = client.post(
        f"/sessions/{session}/imagine", json={"prompt": "bass", "bars": 1, "seed": 5, "backend": "sketch"}
    )
    done = client.get(f"/jobs/{job.json()['id']}", params={"wait": 20}).json()
    (take,) = done["result"]["outcome"]["takes"]
    peaks = (
        client.get(f"/sessions/{session}/clips/{take['clip']}/peaks", params={"columns": 32}).raise_for_status().json()
    )
    assert (peaks["columns"], max(peaks["high"]) > 10) == (32, True)
    assert client.get(f"/takes/{take['id']}/peaks", params={"columns": 32}).json() == peaks
    found = detail(client, session, take["clip"])
    assert (found["kind"], found["take"], len(found["warp"]) >= 2) == ("audio", take["id"], True)
    assert found["seconds"] == pytest.approx(peaks["seconds"], abs=0.01)
    ask(client, session, "undo")
    health = client.get("/health").raise_for_status().json()
    assert health["daemon"] == health["version"]
    assert [live["state"] for live in health["lives"]] == ["ready"]
    assert 0.0 < health["latency"]["total"]["p50"] <= health["latency"]["total"]["p99"]
    assert health["predictions"] is not None
