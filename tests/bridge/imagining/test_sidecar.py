"""Sidecars: what was written is read, what was edited is refused, and what a sound was made from must be as it was."""

import json
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.audio.files import AudioFileError, hash_audio
from musearoo.bridge.imagining.job import Correction
from musearoo.bridge.imagining.request import ImagineRequest, Source
from musearoo.bridge.imagining.sidecar import (
    Contents,
    Sidecar,
    decode_sidecar,
    encode_sidecar,
    read_sidecar,
    request_again,
)
from musearoo.engines.errors import EngineError
from tests.bridge.audio.some_sounds import make_sound, write_sound
from tests.each_case import each_case

SIDECAR = Sidecar(
    musearoo="0.1.0",
    title="dub · take 2",
    licence="CC-BY-NC 4.0",
    version="musicgen-small 0.1.0 abc",
    device="cpu",
    precision="full",
    request=ImagineRequest(
        text="dub\n„Tiefe“",
        folder="",
        bpm=90.0,
        bars=4,
        seed=9,
        prompt="dub, 90 bpm",
        backend="musicgen",
        model="musicgen-small",
        notes=((0.0, 60, 0.5),),
    ),
    contents=Contents(),
    frames=470_400,
    channels=2,
    correction=Correction(92.5, "as heard", 1.03, 0.7, -2.5, 0.9),
    told=("It was played at 92.5 BPM.",),
)


def test_what_was_written_is_read_by_the_path_of_either_file(tmp_path: Path) -> None:
    (tmp_path / "dub.musearoo.json").write_bytes(encode_sidecar(SIDECAR))
    assert read_sidecar(tmp_path / "dub.musearoo.json") == SIDECAR
    assert read_sidecar(tmp_path / "dub.wav") == SIDECAR
    readable = json.loads(encode_sidecar(SIDECAR))
    assert readable["request"]["text"] == "dub\n„Tiefe“"
    assert (readable["licence"], readable["request"]["model"]) == ("CC-BY-NC 4.0", "musicgen-small")


def without(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(encode_sidecar(SIDECAR))
    del data[name]
    return data


@each_case(
    "data, match",
    [
        (b"", "no sidecar of a sound"),
        (b"\xff\xfe", "no sidecar of a sound"),
        (b"[" * 100_000, "no sidecar of a sound"),
        (b"{}", "missing required field"),
        (json.dumps({**without("title"), "title": 3}).encode(), "title"),
        (json.dumps({**without("told"), "told": [], "mood": "blue"}).encode(), "unknown field `mood`"),
        (json.dumps({**without("form"), "form": 2}).encode(), "form"),
        (
            json.dumps({**without("request"), "request": {"text": "", "folder": "", "b": 1}}).encode(),
            "unknown field `b`",
        ),
    ],
)
def test_what_is_none_is_refused_and_named(data: bytes, match: str) -> None:
    with pytest.raises(EngineError, match=match) as failed:
        decode_sidecar(data, "dub.musearoo.json")
    assert str(failed.value).startswith("dub.musearoo.json ")


def test_a_sidecar_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"dub.musearoo.json cannot be read .No such file"):
        read_sidecar(tmp_path / "dub.wav")


def test_it_asks_for_the_same_sound_elsewhere(tmp_path: Path) -> None:
    again = request_again(SIDECAR, tmp_path, "other")
    assert (again.folder, again.names) == (str(tmp_path), ("other",))
    assert (again.seed, again.prompt, again.notes, again.takes) == (9, "dub, 90 bpm", ((0.0, 60, 0.5),), 1)


def test_what_it_was_made_from_must_be_as_it_was(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "before.wav", make_sound(9000, 44_100), 44_100)
    request = ImagineRequest(text="", folder="", before=Source(str(path)))
    sidecar = Sidecar(
        **{name: getattr(SIDECAR, name) for name in SIDECAR.__struct_fields__ if name not in ("request", "contents")},
        request=request,
        contents=Contents(before=hash_audio(path)),
    )
    assert request_again(sidecar, tmp_path, "a").before == request.before
    write_sound(path, make_sound(9001, 44_100), 44_100)
    with pytest.raises(EngineError, match=r"before.wav, which the sound was made from, has been changed since"):
        request_again(sidecar, tmp_path, "a")
    path.unlink()
    with pytest.raises(AudioFileError, match="does not exist"):
        request_again(sidecar, tmp_path, "a")
