"""Listen, from the ring that a device has written to what the next press plays: heard, refused, never left lying."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from musearoo.bridge.protocol import Done, Failed, Heard, Refusal
from musearoo.engines.music.progression import parse_progression
from musearoo.tools.studio.processes import Studio
from tests.band import BARS, BPM, CHORDS
from tests.bridge.capture.some_rings import band_sound, tape
from tests.optional import needs

WITHIN = 20.0
"""Seconds in which a busy machine imports NumPy and hears a few seconds."""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio in which a folder of the user's is named for audio, and MuseAroo's own is not."""
    elsewhere = tmp_path_factory.mktemp("samples")
    with Studio(settings=f"audio_folders: [{json.dumps(str(elsewhere))}]\ndeep_networks: false\n") as made:
        made.live.set("song.tempo", BPM)
        yield made


def captures(studio: Studio) -> Path:
    """The folder that the welcome named."""
    assert studio.device.welcome is not None
    return Path(studio.device.welcome.captures)


def chords(studio: Studio) -> str:
    """What the device shows."""
    return studio.device.facts.chords if studio.device.facts else ""


def test_the_last_bars_are_heard_and_the_bass_follows_them(studio: Studio) -> None:
    taped = tape(band_sound(), BPM, 4.2, seconds=12.0)
    ring = taped.write(captures(studio), "device-1-1.wav")
    press = studio.device.listen(ring.name, taped.counter, taped.song_beat + 0.3)
    heard = studio.device.wait_for(press, WITHIN)
    assert isinstance(heard, Heard), heard
    assert heard.sentence == "4 bars heard: A minor, Am Dm E7 Am, 96.0 BPM."
    assert not ring.exists()
    assert [path.name for path in (studio.home / "recordings").iterdir()] == ["Listen 4 bars 96 BPM.wav"]
    # The device shows the chords of the scene, and what is played next goes with them.
    studio.device.wait_until(lambda: chords(studio) != "", 5.0, "chords")
    assert chords(studio) == "Am Dm E7 Am"
    done = studio.device.wait_for(studio.device.press("bass", style="rock", bars=4, seed=5), WITHIN)
    assert isinstance(done, Done), done
    notes = studio.live.call(f"song.tracks[{done.track}].clip_slots[{done.scene}].clip.get_all_notes_extended")
    roots = [span.chord.root for span in parse_progression(CHORDS) if span.chord]
    ones = [{int(pitch) % 12 for _, pitch, start, *_ in notes if abs(start - 4.0 * bar) < 0.2} for bar in range(BARS)]
    assert [root in one for root, one in zip(roots, ones, strict=True)] == [True] * BARS


@needs("transformers")
def test_what_cannot_be_continued_is_told_and_stays_recorded(studio: Studio) -> None:
    taped = tape(band_sound(), BPM, 1.2, seconds=12.0)
    ring = taped.write(captures(studio), "device-1-2.wav")
    press = studio.device.listen(ring.name, taped.counter, taped.song_beat, bars=1, go_on=True)
    refused = studio.device.wait_for(press, WITHIN)
    assert isinstance(refused, Failed), refused
    # Neither its folder nor its tempo is in the way, but there is no model.
    assert "musearoo models fetch" in refused.sentence
    assert not ring.exists()
    assert (studio.home / "recordings" / "Listen 1 bar 96 BPM.wav").exists()


def test_a_press_at_rest_is_told_what_to_do(studio: Studio) -> None:
    taped = tape(band_sound(), BPM, 0.4, seconds=4.0)
    ring = taped.write(captures(studio), "device-1-3.wav")
    refused = studio.device.wait_for(studio.device.listen(ring.name, taped.counter, taped.song_beat), WITHIN)
    assert isinstance(refused, Failed), refused
    assert (refused.code, refused.sentence) == (
        Refusal.NOT_HEARD,
        "Live had played less than a whole bar: let it play 4 bars, then press Listen.",
    )
