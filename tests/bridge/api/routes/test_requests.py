"""Requests by REST: every kind, what each refuses, and the history with undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.optional import needs, require

require("fastapi", "sqlalchemy")
import httpx2 as httpx

from musearoo.tools.workshop.generate.recordings import read_recordings
from tests.bridge.api.running import RunningServer

Make = Callable[..., str]

KINDS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("generate/drummaroo", {"style": "funk", "bars": 4, "seed": 7}, "generate"),
    ("generate/bass", {"style": "funk", "bars": 4, "key": "A minor", "chords": "Am F | C G"}, "generate"),
    ("band", {"style": "house", "bars": 4}, "band"),
    ("song", {"style": "bossa nova", "seconds": 20}, "song"),
    ("refine", {"changes": ["busier"]}, "refine"),
    ("say", {"text": "a sparse reggae bass, four bars"}, "generate"),
    ("actions", {"intent": "tempo", "bpm": 96}, "act"),
    ("undo", {}, "undo"),
    ("redo", {}, "redo"),
)


def test_every_kind_is_done_and_stands_in_the_history(ada: httpx.Client, make: Make) -> None:
    session = make()
    for number, (path, body, do) in enumerate(KINDS, 1):
        answer = ada.post(f"/sessions/{session}/{path}", json=body)
        assert answer.status_code == 200, (path, answer.text)
        outcome = answer.json()
        assert (outcome["do"], outcome["version"]) == (do, number), path
        assert outcome["sentence"]
        assert answer.headers["etag"] == f'"{number}"'
    steps = ada.get(f"/sessions/{session}/history").json()["items"]
    assert [step["version"] for step in steps] == list(range(len(KINDS), 0, -1))
    assert [step["do"] for step in reversed(steps)] == [do for _, _, do in KINDS]


def test_a_mix_moves_faders(ada: httpx.Client, make: Make) -> None:
    session = make()
    ada.post(f"/sessions/{session}/band", json={"style": "funk", "bars": 2})
    answer = ada.post(f"/sessions/{session}/mix", json={"style": "funk"})
    assert answer.status_code == 200, answer.text
    volumes = {track["volume_db"] for track in ada.get(f"/sessions/{session}/set").json()["tracks"]}
    assert len(volumes) > 1


def test_a_take_is_reproducible(ada: httpx.Client, make: Make) -> None:
    wanted = {"style": "funk", "bars": 4, "key": "A minor", "seed": 7, "complexity": 0.8}
    notes = []
    for _ in range(2):
        outcome = ada.post(f"/sessions/{make()}/generate/bassaroo", json=wanted).json()
        take = ada.get(f"/takes/{outcome['takes'][0]['id']}").json()
        assert take["notes"] == outcome["takes"][0]["notes"]
        assert (take["seed"], take["params"]["seed"], take["engine"]) == (7, 7, "bassaroo")
        assert take["engine_version"]
        assert len(take["context_hash"]) >= 16
        notes.append((take["notes"], take["context_hash"]))
    assert notes[0] == notes[1]


def test_several_takes_differ(ada: httpx.Client, make: Make) -> None:
    takes = ada.post(f"/sessions/{make()}/generate/drummaroo", json={"takes": 3, "seed": 1}).json()["takes"]
    assert len({str(take["notes"]) for take in takes}) == 3


WRONG: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("generate/nobody", {}, ""),
    ("generate/drummaroo", {"bars": 0}, "bars"),
    ("generate/drummaroo", {"bars": 65}, "bars"),
    ("generate/drummaroo", {"bars": 1.5}, "bars"),
    ("generate/drummaroo", {"bpm": 5}, "bpm"),
    ("generate/drummaroo", {"complexity": 1.1}, "complexity"),
    ("generate/drummaroo", {"seed": -1}, "seed"),
    ("generate/drummaroo", {"takes": 9}, "takes"),
    ("generate/drummaroo", {"style": "polkacore"}, ""),
    ("generate/bassaroo", {"key": "H dur"}, ""),
    ("generate/bassaroo", {"chords": "Xyz"}, ""),
    ("generate/bassaroo", {"unknown": 1}, ""),
    ("band", {"engines": ["nobody"]}, ""),
    ("song", {"seconds": 5}, "seconds"),
    ("song", {"where": "nowhere"}, "where"),
    ("say", {}, ""),
    ("say", {"text": ""}, "text"),
    ("say", {"text": "x" * 301}, "text"),
    ("actions", {"intent": "explode"}, "intent"),
    ("actions", {"intent": "tempo", "bpm": 5}, "bpm"),
    ("actions", {"intent": "tempo"}, ""),
)


def test_what_cannot_be_done_is_said_and_changes_nothing(ada: httpx.Client, make: Make) -> None:
    session = make()
    for path, body, field in WRONG:
        answer = ada.post(f"/sessions/{session}/{path}", json=body)
        assert answer.status_code == 422, (path, body, answer.text)
        problem = answer.json()
        assert problem["code"] in ("bad_parameter", "not_understood"), problem
        assert not field or problem.get("field", "") == field, (path, body, problem)
    assert ada.get(f"/sessions/{session}").json()["version"] == 0


def test_an_empty_set_has_nothing_to_refine_mix_or_delete(ada: httpx.Client, make: Make) -> None:
    session = make()
    for path, body in (("refine", {}), ("actions", {"intent": "delete"}), ("undo", {}), ("redo", {})):
        answer = ada.post(f"/sessions/{session}/{path}", json=body)
        assert 400 <= answer.status_code < 500, (path, answer.text)
        assert answer.json()["detail"].endswith("."), path


def test_undo_and_redo_go_through_the_history(ada: httpx.Client, make: Make) -> None:
    session = make()

    def clips() -> int:
        return len(ada.get(f"/sessions/{session}/set").json()["clips"])

    def ask(path: str) -> int:
        return int(ada.post(f"/sessions/{session}/{path}").status_code)

    assert (ask("undo"), ask("redo")) == (409, 409)
    for seed in (1, 2, 3):
        assert ada.post(f"/sessions/{session}/generate/drummaroo", json={"seed": seed}).status_code == 200
    seen = [clips()]
    for path in ("undo", "undo", "redo", "undo", "undo"):
        assert ask(path) == 200
        seen.append(clips())
    assert seen == [3, 2, 1, 2, 1, 0]
    assert ask("undo") == 409
    for expected in (1, 2, 3):
        assert ask("redo") == 200
        assert clips() == expected
    assert ask("redo") == 409
    undone = [
        step["undone"] for step in ada.get(f"/sessions/{session}/history").json()["items"] if step["do"] == "generate"
    ]
    assert undone == [False] * 3


def test_after_another_change_nothing_is_done_again(ada: httpx.Client, make: Make) -> None:
    session = make()
    ada.post(f"/sessions/{session}/generate/drummaroo", json={"seed": 1})
    assert ada.post(f"/sessions/{session}/undo").status_code == 200
    ada.post(f"/sessions/{session}/generate/bassaroo", json={"seed": 1})
    refused = ada.post(f"/sessions/{session}/redo")
    assert (refused.status_code, refused.json()["detail"]) == (409, "There is nothing to do again.")
    # What can be undone now is the later change, not what was undone before.
    done = ada.post(f"/sessions/{session}/undo").json()
    assert "bass" in done["sentence"].lower()
    assert ada.post(f"/sessions/{session}/undo").status_code == 409


def test_undo_restores_the_very_set(ada: httpx.Client, make: Make) -> None:
    session = make(bpm=100)

    def view() -> dict[str, Any]:
        seen: dict[str, Any] = ada.get(f"/sessions/{session}/set").json()
        seen["clips"].sort(key=lambda clip: clip["id"])
        return {name: seen[name] for name in ("song", "tracks", "scenes", "clips")}

    ada.post(f"/sessions/{session}/band", json={"style": "funk", "bars": 2})
    for path, body in (
        ("song", {"style": "house", "seconds": 20}),
        ("actions", {"intent": "tempo", "bpm": 140}),
        ("actions", {"intent": "mute", "tracks": [1]}),
        ("actions", {"intent": "delete", "what": "clip", "tracks": [1], "scene": 1}),
        ("refine", {"changes": ["busier"], "replace": True}),
        ("mix", {"style": "house"}),
    ):
        before = view()
        answer = ada.post(f"/sessions/{session}/{path}", json=body)
        assert answer.status_code == 200, (path, answer.text)
        after = view()
        assert ada.post(f"/sessions/{session}/undo").status_code == 200
        assert view() == before, path
        assert ada.post(f"/sessions/{session}/redo").status_code == 200
        assert view() == after, path


def test_several_clips_are_changed_in_one_step(ada: httpx.Client, make: Make) -> None:
    session = make()
    made = ada.post(f"/sessions/{session}/band", json={"style": "funk", "bars": 2, "seed": 1}).json()["takes"]
    places = [{"track": take["track"], "scene": take["scene"]} for take in made]
    for version, (clips, count) in enumerate(((places[:2], 2), ([{"scene": 1}], len(made))), 2):
        before = ada.get(f"/sessions/{session}/set").json()["clips"]
        body = {"changes": ["busier"], "replace": True, "clips": clips}
        outcome = ada.post(f"/sessions/{session}/refine", json=body).json()
        assert (outcome["do"], outcome["version"], len(outcome["takes"])) == ("refine", 2 * version - 2, count)
        for take in outcome["takes"]:
            kept = ada.get(f"/takes/{take['id']}").json()
            assert kept["notes"] == take["notes"]
            assert kept["params"]["track"] == take["track"], "each is known by itself"
        assert ada.get(f"/sessions/{session}/set").json()["clips"] != before
        assert ada.post(f"/sessions/{session}/undo").status_code == 200
        assert ada.get(f"/sessions/{session}/set").json()["clips"] == before, "one step takes all of it back"
    for wrong, status, code in (
        ({"clips": [{"scene": 8}]}, 409, "gone"),
        ({"clips": [{"track": 1}]}, 422, "bad_parameter"),
        ({"clips": [{"scene": 1}], "track": 1}, 422, "bad_parameter"),
    ):
        answer = ada.post(f"/sessions/{session}/refine", json=wrong)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (wrong, answer.text)


def test_a_sentence_asks_back_and_the_next_one_answers(ada: httpx.Client, make: Make) -> None:
    session = make()
    lost = ada.post(f"/sessions/{session}/say", json={"text": "zxcv qwer uiop"})
    assert (lost.status_code, lost.json()["code"]) == (422, "not_understood")
    done = ada.post(f"/sessions/{session}/say", json={"text": "make funk drums"})
    assert done.status_code == 200, done.text
    assert done.json()["takes"][0]["style"] == "funk"
    again = ada.post(f"/sessions/{session}/say", json={"text": "undo"})
    assert again.json()["do"] == "undo"


SPOKEN = (
    # Said by flite, by espeak-ng, and by flite again.
    ("house_drums", "drummaroo", "house", 8.0),
    ("rock_drums_espeak", "drummaroo", "rock", 32.0),
    ("funk_bass", "bassaroo", "funk", 16.0),
)
"""Recorded sentences, with the engine, the style and the beats of the take that each leads to."""
FLAC = {"content-type": "audio/flac"}


@needs("pocketsphinx")
def test_a_spoken_sentence_is_understood_and_done(running: RunningServer, ada: httpx.Client, make: Make) -> None:
    session, before = make(), set(running.home.glob("uploads/**/*.part"))
    for number, (name, engine, style, beats) in enumerate(SPOKEN, 1):
        spoken = read_recordings()[name]
        answer = ada.post(f"/sessions/{session}/listen", content=spoken.path.read_bytes(), headers=FLAC)
        assert answer.status_code == 200, (name, answer.text)
        outcome = answer.json()
        assert (outcome["do"], outcome["version"]) == ("generate", number), name
        assert style in outcome["transcript"], name
        assert 0.5 <= outcome["confidence"] <= 1.0, name
        take = ada.get(f"/takes/{outcome['takes'][0]['id']}").raise_for_status().json()
        assert (take["engine"], take["style"], take["length_beats"]) == (engine, style, beats), name
        assert take["notes"], name
    seen = ada.get(f"/sessions/{session}/set").json()
    assert sorted(clip["length"] for clip in seen["clips"]) == sorted(beats for *_, beats in SPOKEN)
    assert set(running.home.glob("uploads/**/*.part")) == before, "what somebody says is not kept"


@needs("pocketsphinx")
def test_an_uploaded_sentence_is_done(ada: httpx.Client, make: Make) -> None:
    session, sound = make(), read_recordings()["undo"].path.read_bytes()
    ada.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1}).raise_for_status()
    upload = ada.post("/uploads", json={"name": "undo.flac", "bytes": len(sound)}).json()["id"]
    headers = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
    ada.patch(f"/uploads/{upload}", content=sound, headers=headers).raise_for_status()
    outcome = ada.post(f"/sessions/{session}/listen", params={"upload": upload}).raise_for_status().json()
    assert (outcome["do"], outcome["transcript"]) == ("undo", "undo that")
    assert ada.get(f"/sessions/{session}/set").json()["clips"] == []


@needs("pocketsphinx")
def test_what_is_no_spoken_request_changes_nothing(ada: httpx.Client, make: Make) -> None:
    session = make()
    for name, code in (("outside", "not_understood"), ("hiss", "not_heard")):
        sound = read_recordings()[name].path.read_bytes()
        answer = ada.post(f"/sessions/{session}/listen", content=sound, headers=FLAC)
        assert (answer.status_code, answer.json()["code"]) == (422, code), (name, answer.text)
    assert ada.get(f"/sessions/{session}").json()["version"] == 0


def test_the_answer_is_packed_for_who_asks_so(ada: httpx.Client, make: Make) -> None:
    session = make()
    path = f"/sessions/{session}/generate/drummaroo"
    packed = ada.post(path, json={"seed": 3, "bars": 8}, headers={"accept": "application/msgpack"})
    plain = ada.post(f"/sessions/{make()}/generate/drummaroo", json={"seed": 3, "bars": 8})
    one, other = msgspec.msgpack.decode(packed.content)["takes"][0], plain.json()["takes"][0]
    assert [list(note) for note in one["notes"]] == other["notes"]
    assert len(packed.content) < 30 * len(one["notes"]) + 1_000


@pytest.mark.parametrize("kind", ["text/plain", "audio/wav", "application/octet-stream", "application/jsonx"])
def test_a_body_of_another_kind_is_refused(ada: httpx.Client, make: Make, kind: str) -> None:
    session = make()
    answer = ada.post(f"/sessions/{session}/band", content=b"{}", headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_content_type")
