"""Audio in Live: heard without being asked for, told when asked, written in one undo step, followed by the engines."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from musearoo.bridge.protocol import Failed, Heard, Refusal, Told
from musearoo.bridge.protocol.types import Message
from musearoo.engines.audio.synthesis.stem import RATE
from musearoo.engines.music.progression import parse_progression
from musearoo.tools.studio.processes import Studio
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BARS, BPM, CHORDS, play_band

WITHIN = 20.0
"""Seconds in which a busy machine imports NumPy and hears a few seconds."""


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The band as a WAV file."""
    return write_wave(tmp_path_factory.mktemp("audio") / "band loop é.wav", render_parts(play_band(), BPM, loop=True))


@pytest.fixture(scope="module")
def heard_studio(loop: Path) -> Iterator[Studio]:
    """A studio that may read the folder of the loop, with an audio track that has it."""
    settings = f"audio_folders: [{json.dumps(str(loop.parent))}]\ndeep_networks: false\n"
    with Studio(settings=settings) as studio:
        studio.live.call("song.tracks[2].clip_slots[0].create_audio_clip", str(loop))
        studio.live.set("song.tracks[2].clip_slots[0].clip.warping", False)
        yield studio


def heard(answer: Message) -> Heard:
    assert isinstance(answer, Heard), answer
    return answer


def test_a_clip_is_heard_and_kept_before_anyone_asks(heard_studio: Studio) -> None:
    studio = heard_studio
    studio.device.wait_until(lambda: "96 BPM" in studio.daemon.log(), WITHIN, "analysis in the log")
    kept = list((studio.home / "analyses").rglob("*.analysis"))
    assert kept


def test_the_device_is_told_tempo_meter_and_key_and_nothing_is_written(heard_studio: Studio) -> None:
    before = heard_studio.live.snapshot()
    found = heard(heard_studio.device.wait_for(heard_studio.device.analyze(track=2, scene=0), WITHIN))
    assert found.tempo == pytest.approx(BPM, abs=0.2)
    assert (found.numerator, found.denominator, found.key) == (4, 4, "A minor")
    assert found.written == 0
    assert heard_studio.live.snapshot() == before


def test_what_is_asked_for_is_written_in_one_undo_step(heard_studio: Studio) -> None:
    studio = heard_studio
    before = studio.live.snapshot()
    wanted = ("tempo", "meter", "scale", "warp", "name")
    found = heard(studio.device.wait_for(studio.device.analyze(track=2, scene=0, write=wanted), WITHIN))
    assert found.written == 1
    assert studio.live.get("song.tempo") == pytest.approx(BPM, abs=0.2)
    assert studio.live.get("song.root_note") == 9
    clip = "song.tracks[2].clip_slots[0].clip"
    assert studio.live.get(f"{clip}.name") == "Am · 96 BPM"
    assert studio.live.get(f"{clip}.warping") is True
    # Whole bars long, and warped so that the set's tempo plays it as it is.
    assert studio.live.get(f"{clip}.length") == pytest.approx(4.0 * BARS, abs=0.05)
    studio.live.undo()
    assert studio.live.snapshot() == before


def test_the_bass_plays_the_chords_that_were_heard(heard_studio: Studio) -> None:
    studio = heard_studio
    studio.live.set("song.tempo", BPM)
    studio.live.set("song.tracks[2].clip_slots[0].clip.warping", False)
    studio.device.idle(0.5)  # until the daemon has been told what the hands did
    press = studio.device.press("bass", style="rock", bars=4, seed=5, track=1, scene=0)
    studio.device.wait_for(press, WITHIN)
    notes = studio.live.call("song.tracks[1].clip_slots[0].clip.get_all_notes_extended")
    roots = [span.chord.root for span in parse_progression(CHORDS)]
    ones = [{int(pitch) % 12 for _, pitch, start, *_ in notes if abs(start - 4.0 * bar) < 0.2} for bar in range(BARS)]
    assert [root in one for root, one in zip(roots, ones, strict=True)] == [True] * BARS
    studio.live.undo()


def test_a_midi_clip_is_read_off_its_notes(heard_studio: Studio) -> None:
    studio = heard_studio
    press = studio.device.press("drums", style="rock", bars=4, seed=5, track=0, scene=1)
    studio.device.wait_for(press, WITHIN)
    found = heard(studio.device.wait_for(studio.device.analyze(track=0, scene=1), WITHIN))
    assert (found.depth, found.tempo_confidence) == (2, 1.0)
    studio.live.undo()


def test_a_file_outside_the_allowed_folders_is_refused_in_a_sentence(heard_studio: Studio, tmp_path: Path) -> None:
    studio = heard_studio
    outside = write_wave(tmp_path / "outside.wav", render_parts(play_band(), BPM))
    studio.live.call("song.tracks[3].clip_slots[1].create_audio_clip", str(outside))
    studio.device.wait_until(lambda: "outside the folders" in studio.daemon.log(), WITHIN, "refusal in the log")
    answer = studio.device.wait_for(studio.device.analyze(track=3, scene=1), WITHIN)
    assert isinstance(answer, Failed)
    assert answer.code == Refusal.NOT_HEARD
    assert "outside the folders" in answer.sentence


def test_without_networks_a_deep_question_says_why_not(heard_studio: Studio) -> None:
    answer = heard_studio.device.wait_for(heard_studio.device.analyze(track=2, scene=0, deep=True), WITHIN)
    assert isinstance(answer, Failed)
    assert "switched off" in answer.sentence
    assert not [told for told in heard_studio.device.received if isinstance(told, Told) and told.press]


def test_the_whole_is_as_long_as_its_bars() -> None:
    assert render_parts(play_band(), BPM, loop=True).shape == (2, round(16 * 60 / BPM * RATE))
