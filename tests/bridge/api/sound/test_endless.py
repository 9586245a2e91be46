"""Endless music of a session: begun, joined, steered, resumed by position, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest

from musearoo.bridge.api.sound.messages import FRAME, RATE
from musearoo.bridge.api.sound.opus import PREROLL_FRAMES, PRESKIP
from musearoo.bridge.api.sound.wire import PREROLL
from musearoo.tools.bench.ambient.measures import find_clicks
from tests.bridge.api.running import RunningServer, people
from tests.bridge.api.sound.sound_line import Frame, SoundLine


def ask(**wishes: Any) -> dict[str, Any]:
    """What asks for endless music."""
    return {"parts": [{"id": "ambient", "endless": wishes}], "bpm": 60, "beats": 4}


@pytest.fixture
def session(running: RunningServer) -> str:
    """A session of its own: its music ends a while after its last listener."""
    with running.client() as client:
        found: str = client.post("/sessions", json={"name": "Night"}).raise_for_status().json()["id"]
    return found


@pytest.fixture
def line(running: RunningServer, session: str) -> Iterator[SoundLine]:
    with SoundLine(running, session) as line:
        yield line


def frames(line: SoundLine, count: int) -> list[Frame]:
    """The next frames of sound; what is told between them is left out."""
    found: list[Frame] = []
    while len(found) < count:
        got = line.receive()
        if isinstance(got, Frame):
            found.append(got)
        else:
            assert got["type"] in ("endless", "playing"), got
    return found


def until_told(line: SoundLine, **wanted: Any) -> Any:
    """How it goes, once it goes like that."""
    while True:
        got = line.receive()
        if not isinstance(got, Frame):
            assert got["type"] == "endless", got
            if all(got[name] == value for name, value in wanted.items()):
                return got


def samples(got: list[Frame]) -> np.ndarray:
    """The samples of frames, float32 (2, n)."""
    whole = np.concatenate([np.frombuffer(frame.parts[0] or bytes(4 * FRAME), "<i2").reshape(-1, 2) for frame in got])
    return np.asarray(whole.T / 32768.0, np.float32)


def test_it_plays_joins_and_resumes_without_a_gap(running: RunningServer, session: str, line: SoundLine) -> None:
    playing = line.play(1, **ask(preset="tape", seed=3, levels={"percussion": 0.0}), ahead=400)
    assert [part["id"] for part in playing["parts"]] == ["ambient"]
    assert (playing["start"], playing["rate"], playing["loop"]) == (0, RATE, True)
    got = frames(line, 100)
    assert [frame.position for frame in got] == [FRAME * number for number in range(100)]
    sound = samples(got)
    assert find_clicks(sound) == []
    assert np.sqrt(np.mean(sound[:, RATE:] ** 2)) > 0.01
    with SoundLine(running, session) as other:
        joined = other.play(1, **ask(preset="choir"), ahead=400)
        assert abs(joined["start"] - got[-1].position) < 2 * RATE, "it joins where the others are"
        theirs = {frame.position: frame for frame in frames(other, 30)}
        mine = {frame.position: frame for frame in frames(line, 60)}
        shared = mine.keys() & theirs.keys()
        assert shared
        assert all(mine[position].parts == theirs[position].parts for position in shared)
    # Lost and back: from the sample after what was heard.
    line.send(type="play", number=2, **ask(preset="tape"), start=got[50].position, ahead=400)
    again = [frame for frame in frames(line, 120) if frame.number == 2]
    assert [frame.position for frame in again][:3] == [got[50].position + FRAME * number for number in range(3)]
    assert [frame.parts for frame in again[:40]] == [frame.parts for frame in got[50:90]]


def test_it_is_steered_and_tells_how_it_goes(line: SoundLine) -> None:
    line.play(1, **ask(preset="drift", seed=1), ahead=200)
    told = until_told(line, preset="drift", key="D dorian")
    assert told["chords"]
    assert {name for name, _ in told["layers"]} <= {"pad", "drone", "bells", "melody", "swells", "grains"}
    line.send(type="steer", endless={"preset": "glass", "key": "A lydian", "density": 0.9})
    assert until_told(line, preset="glass")["key"] == "A lydian"
    line.send(type="steer", endless={"preset": "glass", "mood": "grumpy"})
    while isinstance(got := line.receive(), Frame) or got["type"] == "endless":
        pass
    assert (got["type"], got["problem"]["status"]) == ("problem", 422)
    assert "mood must be one of" in got["problem"]["detail"]
    assert frames(line, 5), "the music goes on"


def test_opus_is_one_packet_a_frame_after_its_preroll(line: SoundLine) -> None:
    playing = line.play(1, **ask(preset="rain", seed=2), codec="opus", ahead=200)
    assert (playing["codec"], playing["preskip"]) == ("opus", 312)
    got = frames(line, 40)
    assert sum(frame.flags & PREROLL for frame in got) == 10
    assert all(0 < len(frame.parts[0]) < 1500 for frame in got[10:])


def test_opus_is_encoded_once_for_all_and_joined_without_an_artefact(
    running: RunningServer, session: str, line: SoundLine
) -> None:
    line.play(1, **ask(preset="drift", seed=2), codec="opus", ahead=400)
    mine = frames(line, 120)
    with SoundLine(running, session) as other, SoundLine(running, session) as plain:
        other.play(1, **ask(), codec="opus", ahead=400)
        plain.play(1, **ask(), start=mine[60].position, ahead=400)
        theirs = frames(other, 60)
        exact = {frame.position: frame for frame in frames(plain, 200)}
    mine += frames(line, 80)
    packets = {frame.position: frame.parts for frame in mine}
    shared = [frame for frame in theirs if frame.position in packets]
    assert len(shared) > 20
    assert all(frame.parts == packets[frame.position] for frame in shared), "one encoding for all"
    heard = decoded(theirs)
    late = round(PRESKIP)
    true = np.concatenate([samples([exact[frame.position]]) for frame in theirs if frame.position in exact], axis=1)
    sound = heard[:, late : late + true.shape[1]]
    true = true[:, : sound.shape[1]]
    after = slice(PREROLL_FRAMES * FRAME, None)
    error = np.sqrt(np.mean((sound[:, after] - true[:, after]) ** 2)) / np.sqrt(np.mean(true[:, after] ** 2))
    assert error < 0.2, "what is heard after the pre-roll is the music"


def decoded(got: list[Frame]) -> np.ndarray:
    """What a decoder makes of packets, float32 (2, n)."""
    import av

    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = RATE, "stereo"
    blocks = [each.to_ndarray() for frame in got for each in decoder.decode(av.Packet(frame.parts[0]))]
    flat = np.concatenate([block.reshape(-1, 2) if block.shape[0] == 1 else block.T for block in blocks])
    return np.asarray(flat.T / (32768.0 if flat.dtype == np.int16 else 1.0), np.float32)


def test_what_is_wrong_is_said(line: SoundLine) -> None:
    for wrong, sentence in (
        (ask(preset="polka"), "preset must be one of"),
        (ask(key="H"), "key"),
        (ask(density=3), "density"),
        ({**ask(), "parts": [*ask()["parts"], {"id": "b", "take": "x"}]}, "plays alone"),
    ):
        answer = line.play(1, **wrong)
        assert (answer["type"], answer["problem"]["status"]) == ("problem", 422), answer
        assert sentence in answer["problem"]["detail"]
    line.send(type="steer", endless={})
    assert line.receive()["problem"]["code"] == "conflict"


def test_a_listener_of_a_shared_session_joins_and_neither_begins_nor_steers(running: RunningServer) -> None:
    with people(running, "ben") as clients:
        ada, ben = clients["local"], clients["ben"]
        session = ada.post("/sessions", json={"name": "Shared"}).json()["id"]
        ada.put(f"/sessions/{session}/members/ben", json={"role": "listener"}).raise_for_status()
        with SoundLine(running, session, token_of(ben)) as listening:
            assert listening.play(1, **ask())["problem"]["status"] == 403
            with SoundLine(running, session) as owner:
                owner.play(1, **ask(seed=1), ahead=200)
                frames(owner, 3)
                assert listening.play(2, **ask(), ahead=200)["type"] == "playing"
                listening.send(type="steer", endless={"preset": "glass"})
                while isinstance(got := listening.receive(), Frame) or got["type"] == "endless":
                    pass
                assert got["problem"]["status"] == 403


def token_of(client: httpx.Client) -> str:
    """The token that a client shows."""
    return str(client.headers["authorization"]).removeprefix("Bearer ")
