"""Names of any length and script, on tracks, clips and scenes: every press does its work, and the mirror has them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import LONGEST_NAME, Done, Heard
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.text.bounded import cut_text
from musearoo.tools.studio.processes import Studio, write_set
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band
from tests.bridge.capture.some_rings import band_sound, tape

WITHIN = 90.0
"""Seconds in which a busy machine starts the worker and takes a few seconds of sound apart."""

LOOPS, KEYS = 0, 1
"""The tracks of the set."""

STEMS = ("Drums", "Bass", "Vocals", "Other")

NAMES = {
    "one letter": "a",
    "near the bound": "音" * 80,
    "ASCII": "Break " * 1700,
    "Japanese": "音楽の断片" * 2000,
    "emoji": "👨‍👩‍👧‍👦" * 1500,
    "marks": "e" + "\u0301" * 10_000,
    "right to left": "\u2067موسيقى\u2069 " * 1200,
    "control": "\x1b[31m\n\r\t\x00\x7f" * 20,
    "half a pair": "\ud83e" * 300,
    "nothing that a file can be called": "/" * 300,
    "a device of Windows": "CON",
}

SHORT_RUN = ("near the bound", "emoji", "half a pair", "nothing that a file can be called")
"""Names that every run tries; the others need `-m long`."""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("audio")
    loop = write_wave(folder / "Band.wav", render_parts(play_band(), BPM, loop=True))
    kinds = (("audio", "Loops"), ("midi", "Keys"))
    description: dict[str, object] = {
        "song": {"tempo": BPM},
        "scenes": [{}, {}, {}],
        "tracks": [{"kind": kind, "given_name": name} for kind, name in kinds],
    }
    settings = f"audio_folders: [{json.dumps(str(folder))}]\nlisten: false\n"
    with Studio(set_file=write_set(folder / "set.json", description), settings=settings) as made:
        made.live.call(f"song.tracks[{LOOPS}].clip_slots[0].create_audio_clip", str(loop))
        yield made


def done(answer: Message) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def rename(studio: Studio, name: str) -> None:
    """Gives tracks, scenes and clips a name, as their user does."""
    for where in (f"song.tracks[{LOOPS}]", f"song.tracks[{LOOPS}].clip_slots[0].clip", "song.scenes[0]"):
        studio.live.set(f"{where}.name", name)
    studio.device.idle(0.3)


def tracks(studio: Studio) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = studio.live.snapshot()["tracks"]
    return listed


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if kind in SHORT_RUN else pytest.mark.long, id=kind) for kind, name in NAMES.items()],
)
def test_every_press_does_its_work(studio: Studio, name: str) -> None:
    device = studio.device
    rename(studio, name)
    before = studio.live.snapshot()

    heard = device.wait_for(device.analyze(track=LOOPS, scene=0, write=("scale", "name")), WITHIN)
    assert isinstance(heard, Heard), heard
    studio.live.undo()
    device.idle(0.3)

    answer = done(device.wait_for(device.split(track=LOOPS, scene=0, backend="dsp"), WITHIN))
    assert answer.name.endswith(" split into drums, bass, vocals, other (DSP)")
    stems = [track["given_name"] for track in tracks(studio)[LOOPS + 1 : LOOPS + 5]]
    assert stems == [cut_text(name, LONGEST_NAME, f" · {stem} (DSP)") for stem in STEMS]
    studio.live.undo()
    device.idle(0.3)
    assert studio.live.snapshot() == before


@pytest.mark.parametrize("script", ["near the bound", "emoji", "right to left", "half a pair"])
def test_music_is_made_beside_any_names_and_for_any_words(studio: Studio, script: str) -> None:
    device, name = studio.device, NAMES[script]
    rename(studio, name)
    before = studio.live.snapshot()

    played = done(device.wait_for(device.press("drummaroo", bars=2, scene=0, seed=3), WITHIN))
    clip = f"song.tracks[{played.track}].clip_slots[{played.scene}].clip"
    studio.live.set(f"{clip}.name", name)
    device.idle(0.3)
    done(device.wait_for(device.refine("busier", track=played.track, scene=played.scene, replace=True), WITHIN))
    for _ in range(3):
        studio.live.undo()
    device.idle(0.3)
    assert studio.live.snapshot() == before

    words = cut_text(f"jazz drums {name}", 600)
    imagined = done(device.wait_for(device.imagine(words, bars=1, takes=2, backend="sketch", scene=0), WITHIN))
    assert imagined.name.endswith(", 2 takes")
    slots = tracks(studio)[imagined.track]["slots"]
    assert [slot["name"].rpartition(" · ")[2] for slot in slots if slot] == ["take 1 (Sketch)", "take 2 (Sketch)"]
    assert all(Path(slot["audio"][0]).exists() for slot in slots if slot)
    studio.live.undo()

    done(device.wait_for(device.song(seconds=20.0, seed=3), WITHIN))
    studio.live.undo()
    device.idle(0.3)
    assert studio.live.snapshot() == before

    assert device.welcome is not None
    taped = tape(band_sound(), BPM, 4.2, seconds=12.0)
    ring = taped.write(Path(device.welcome.captures), "device-1-1.wav")
    recorded = device.wait_for(device.listen(ring.name, taped.counter, taped.song_beat + 0.3), WITHIN)
    assert isinstance(recorded, Heard), recorded
