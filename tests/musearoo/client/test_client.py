"""The clients against a real server."""

from __future__ import annotations

import asyncio
import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.optional import require

require("fastapi", "httpx2", "sqlalchemy", "websockets")

import musearoo
from musearoo.client import NEVER, AsyncClient, AsyncSession, Client, ClientError, Session
from musearoo.engines.music.midi_files.song import decode_midi_file
from musearoo.tools import ROOT
from tests.musearoo.client.cutting import CuttingProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bridge.api.running import RunningServer


@pytest.fixture
def client(running: RunningServer) -> Iterator[Client]:
    with Client(running.url, token=running.token) as client:
        yield client


def test_every_route_has_a_method_in_both_clients() -> None:
    specification = json.loads((ROOT / "bridge/api/openapi.json").read_text(encoding="utf-8"))
    count = sum(len(set(methods) - {"head"}) for methods in specification["paths"].values())
    sources = [inspect.getsource(kind) for kind in (*Client.__mro__[:2], *Session.__mro__[:2])]
    calls = sum(source.count("self._transport.call(") + source.count("self._transport.fetch(") for source in sources)
    # One that takes a file or fields has two.
    assert count <= calls <= count + 2
    for plain, waiting in ((Client, AsyncClient), (Session, AsyncSession)):
        names = {name for name in dir(plain) if not name.startswith("_")} - {"close"}
        assert names <= {name for name in dir(waiting) if not name.startswith("_")}
        for name in names:
            there, here = getattr(waiting, name), getattr(plain, name)
            if callable(here) and not isinstance(here, property):
                assert list(inspect.signature(here).parameters) == list(inspect.signature(there).parameters), name


def test_a_song_is_made_judged_undone_and_written(client: Client, tmp_path: Path) -> None:
    session = client.session(client.create_session(name="Night drive", bpm=104, key="A minor"))
    made = session.band(style="funk", bars=4, seed=7)
    assert [take.part for take in made.takes] == ["drums", "bass", "harmony", "melody"]
    drums = client.read_take(made.takes[0].id)
    assert (drums.bpm, drums.key, drums.style, drums.length_beats) == (104, "A minor", "funk", 16.0)
    assert len(drums.notes) > 20
    file = client.read_take_midi(drums.id)
    assert (file.media_type, file.name, file.size) == ("audio/midi", "funk drums.mid", len(file.content))
    parts = decode_midi_file(file.write(tmp_path / "drums.mid").read_bytes(), "drums.mid").parts
    assert [len(clip) for clip in parts.values()] == [len(drums.notes)]
    assert client.judge_take(drums.id, 1).liked == 1
    seen = session.read_set()
    assert (len(seen.clips), seen.version) == (4, made.version)
    assert session.undo().sentence.startswith("Undone")
    assert session.read_set().clips == ()
    assert [step.do for step in session.read_history().items] == ["undo", "band"]
    assert session.redo().do == "redo"
    assert session.say("a sparse reggae bass, four bars").takes[0].part == "bass"
    assert session.act("tempo", bpm=96).version == session.read().version
    assert session.read_set().song.bpm == 96  # type: ignore[union-attr]
    assert {take.id for take in session.list_takes().items} >= {take.id for take in made.takes}
    assert session.close().closed is not None
    assert session.resume().closed is None


def test_the_same_by_asyncio(running: RunningServer) -> None:
    async def work() -> None:
        async with AsyncClient(running.url, token=running.token) as client:
            session = client.session(await client.create_session(name="A"))
            outcomes = await asyncio.gather(*(session.generate("bass", seed=seed, bars=2) for seed in range(4)))
            assert sorted(outcome.version or 0 for outcome in outcomes) == [1, 2, 3, 4]
            found = [take.id async for take in client.each(session.list_takes)]
            assert sorted(found) == sorted(take.id for outcome in outcomes for take in outcome.takes)

    asyncio.run(work())


def test_a_part_of_a_sound_is_fetched(client: Client) -> None:
    session = client.session(client.create_session())
    take = session.generate("bass", style="house", bars=1, bpm=180, seed=1).takes[0]
    whole = client.read_take_audio(take.id, format="flac")
    piece = client.read_take_audio(take.id, format="flac", byte_range=(4, 103))
    assert piece.content == whole.content[4:104]
    assert (piece.first, piece.size, piece.etag, piece.media_type) == (4, whole.size, whole.etag, "audio/flac")
    with pytest.raises(ClientError, match=f"The file has {whole.size} bytes") as raised:
        client.read_take_audio(take.id, format="flac", byte_range=(whole.size, None))
    assert raised.value.status == 416


def test_what_there_is(client: Client) -> None:
    assert client.is_alive().status == "ok"
    assert client.is_ready().status == "ready"
    assert "drummaroo" in {engine.name for engine in client.list_engines()}
    funk = next(style for style in client.list_styles() if style.name == "funk")
    assert funk.tempo.low <= funk.tempo.usual <= funk.tempo.high
    assert "musearoo" in client.read_metrics()


def test_users_tokens_members_and_preferences(client: Client, running: RunningServer) -> None:
    name = "ada-of-the-client"
    client.add_user(name, password="a long password of hers")
    with Client(running.url, token="") as nobody:
        login = nobody.log_in(name, "a long password of hers", days=1)
    session = client.session(client.create_session(name="Shared"))
    with Client(running.url, token=login.token) as ada:
        assert ada.read_me().name == name
        with pytest.raises(ClientError, match="There is no such session"):
            ada.session(session.id).read()
        assert session.share(name, "editor").role == "editor"
        assert ada.session(session.id).generate("drums", bars=1).takes[0].session == session.id
        assert {member.name for member in session.list_members().items} == {"local", name}
        session.unshare(name)
        with pytest.raises(ClientError, match="There is no such session"):
            ada.session(session.id).read_set()
        made = ada.add_token("phone", scopes=("read",), days=1)
        ada.keep_preference("taste of mine", {"style": "funk"})
        assert ada.list_preferences().values == {"taste of mine": {"style": "funk"}}
        ada.forget_preference("taste of mine")
        ada.revoke_token(made.id)
        with Client(running.url, token=made.token) as phone, pytest.raises(ClientError) as raised:
            phone.read_me()
        assert (raised.value.status, raised.value.code) == (401, "unauthorized")


def test_refusals_are_the_servers_own_sentences(client: Client) -> None:
    session = client.session(client.create_session())
    with pytest.raises(ClientError, match="engine must be one of drummaroo") as raised:
        session.generate("kazoo")
    assert (raised.value.status, raised.value.code) == (422, "bad_parameter")
    with pytest.raises(ClientError) as raised:
        session.generate("drums", bars=99)
    assert (raised.value.field, len(raised.value.request_id) > 8) == ("bars", True)
    with pytest.raises(ClientError) as raised:
        session.generate("drums", version=17)
    assert (raised.value.status, raised.value.code) == (409, "conflict")


def test_nothing_is_made_twice_when_an_answer_is_lost(running: RunningServer) -> None:
    with CuttingProxy(running.port) as proxy, Client(proxy.url, token=running.token) as client:
        session = client.session(client.create_session(name="Cut"))
        proxy.swallow = 1
        made = session.generate("bass", bars=1, seed=3)
        assert proxy.opened == 2
        assert [take.id for take in session.list_takes().items] == [take.id for take in made.takes]


def test_a_lost_answer_is_told_where_nothing_is_tried_again(running: RunningServer) -> None:
    with CuttingProxy(running.port) as proxy, Client(proxy.url, token=running.token, retries=NEVER) as client:
        proxy.swallow = 1
        with pytest.raises(ClientError, match="was lost before the answer came") as raised:
            client.read_me()
        assert raised.value.code == "connection_lost"
    with pytest.raises(ClientError, match="Nothing answers at"), Client(proxy.url, token="", retries=NEVER) as client:
        client.is_alive()


def test_a_file_is_uploaded_in_pieces_placed_and_followed(
    running: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("asynchronous", "synchronous"):
        monkeypatch.setattr(f"musearoo.client.{module}.client.PIECE", 200)
    path = tmp_path / "keys.mid"
    path.write_bytes(musearoo.generate("harmony", style="soul", key="D minor", bpm=88, bars=8, seed=3).to_midi())
    assert path.stat().st_size > 200
    with CuttingProxy(running.port) as proxy, Client(proxy.url, token=running.token) as client:
        session = client.session(client.create_session())
        proxy.swallow = 1
        uploaded = client.upload(path)
        assert (uploaded.complete, uploaded.name, uploaded.bytes) == (True, "keys.mid", path.stat().st_size)
        found = session.analyze_file(upload=uploaded.id)
        assert found.analysis is not None
        assert found.analysis["key"] == "D minor"
        same = session.analyze_file(path.read_bytes(), name="keys.mid", content_type="audio/midi")
        assert same.analysis is not None
        assert same.analysis["chords"] == found.analysis["chords"]
        client.delete_upload(uploaded.id)
        with pytest.raises(ClientError):
            session.analyze_file(upload=uploaded.id)


def test_a_job_is_waited_for(client: Client) -> None:
    session = client.session(client.create_session(bpm=180))
    session.generate("bass", style="house", bars=1, seed=1)
    seen: list[str] = []
    done = client.wait(session.render(format="wav"), lambda state: seen.append(state.state))
    assert (done.state, seen[-1]) == ("done", "done")
    assert done.result is not None
    assert client.read_made_file(done.result["files"][0]["id"]).content[:4] == b"RIFF"
    assert done.id in {job.id for job in client.each(client.list_jobs)}
    assert client.cancel_job(done.id).state == "done"
    with pytest.raises(ClientError, match="no such job"):
        client.wait("unknown")
