"""Sounds that jobs make are takes: they can be liked, and say what made them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy", "soxr")

import httpx2 as httpx

from tests.bridge.api.jobs.some_sounds import begin, clips, finish, long_noise, new_session, place
from tests.bridge.api.running import RunningServer


@pytest.fixture
def client(running: RunningServer) -> Iterator[httpx.Client]:
    """A client of the shared server."""
    with running.client() as opened:
        yield opened


def test_an_imagined_loop_is_a_take_that_can_be_liked(client: httpx.Client) -> None:
    session = new_session(client, bpm=100)
    wanted = {"prompt": "dub", "bars": 1, "takes": 2, "backend": "sketch", "seed": 5}
    job = finish(client, begin(client, f"/sessions/{session}/imagine", **wanted))
    takes = job["result"]["outcome"]["takes"]
    assert [(take["number"], take["engine"], take["bpm"], take["notes"]) for take in takes] == [
        (1, "imagine", 100.0, []),
        (2, "imagine", 100.0, []),
    ]
    assert [take["seed"] for take in takes] == [each["seed"] for each in job["result"]["facts"]["takes"]]
    assert [take["clip"] for take in takes] == [clip["id"] for clip in clips(client, session)]
    listed = client.get(f"/sessions/{session}/takes").json()["items"][0]
    assert listed["id"] == takes[1]["id"]
    assert listed["request"] == job["id"]
    assert "sketch" in listed["engine_version"]
    assert len(listed["context_hash"]) == 32
    assert listed["params"] == {"do": "imagine", **wanted}
    liked = client.put(f"/takes/{listed['id']}/feedback", json={"value": 1}).raise_for_status().json()
    assert liked["liked"] == 1
    for what in ("midi", "piano-roll.png", "audio"):
        refused = client.get(f"/takes/{listed['id']}/{what}")
        assert (refused.status_code, refused.json()["code"]) == (422, "no_notes"), what


def test_stems_are_takes(client: httpx.Client) -> None:
    session = new_session(client)
    place(client, session, long_noise(seconds=2.0))
    job = finish(client, begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1))
    takes = job["result"]["outcome"]["takes"]
    assert {"drums", "bass"} <= {take["part"] for take in takes}
    assert all("dsp" in take["engine_version"] for take in takes)
    assert len({take["clip"] for take in takes}) == len(takes) == len(job["result"]["files"])
