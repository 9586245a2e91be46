"""New parts bring their sound along: in one undo step, from what this Live has, on the pads of the user's own kit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from musearoo.bridge.protocol import Done
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.processes import Studio

WITHIN = 20.0
SHUFFLED = json.dumps(
    {"pads": [[60, "My Kick", 0], [61, "Snare Tight", 0], [62, "Hat Closed", 1], [63, "Hat Open", 1]]}
)
TWO_PADS = json.dumps({"pads": [[36, "Kick", 0], [38, "Snare", 0]]})


def done(studio: Studio, press: Press) -> Done:
    answer = studio.device.wait_for(press, WITHIN)
    assert isinstance(answer, Done), answer
    return answer


def compose(studio: Studio, engine: str = "drummaroo", **asked: Any) -> Done:
    return done(studio, studio.device.press(engine, style="house", bars=1, seed=7, **asked))


def instruments(studio: Studio) -> list[str]:
    """The first device of each new track, "" for none."""
    tracks = studio.live.snapshot()["tracks"][4:]
    return [track["devices"][0]["name"] if track.get("devices") else "" for track in tracks]


def told(studio: Studio) -> list[str]:
    """What the device was told of its presses."""
    studio.device.idle(0.2)
    return [message.sentence for press in studio.device.presses.values() for message in press.told]


def pitches(studio: Studio, track: int) -> set[int]:
    slots = studio.live.snapshot()["tracks"][track]["slots"]
    return {note[1] for slot in slots if slot for note in slot["notes"]}


@pytest.mark.parametrize("profile", ["11.3.25", "12.0.0", "12.3.6"])
def test_parts_bring_their_sound_in_one_undo_step(profile: str) -> None:
    with Studio(profile=profile) as studio:
        before, steps = studio.live.snapshot(), studio.live.stats()["undo_steps"]
        selected = studio.live.get("song.view.selected_track.name")
        assert compose(studio).name == "house drums on 909 Core Kit"
        assert studio.live.stats()["undo_steps"] == steps + 1
        assert studio.live.get("song.view.selected_track.name") == selected
        compose(studio, "band", scene=1)
        assert instruments(studio)[0] == "909 Core Kit"
        assert all(instruments(studio))
        after = studio.live.snapshot()
        done(studio, studio.device.undo())
        done(studio, studio.device.undo())
        assert studio.live.snapshot() == before
        studio.live.redo()
        studio.live.redo()
        assert studio.live.snapshot() == after
        assert studio.live.not_simulated() == []


def test_the_smallest_edition_without_a_kit_says_what_to_do() -> None:
    with Studio(edition="Lite") as studio:
        compose(studio)
        assert instruments(studio) == [""]
        said = told(studio)
        assert any(sentence.startswith("DrummaRoo is silent: this Live has none") for sentence in said), said


def test_the_notes_follow_the_pads_of_the_user_s_own_kit() -> None:
    with Studio(kits={"My Kit": SHUFFLED}, settings="instruments: {drums: my kit}\n") as studio:
        assert compose(studio).name == "house drums on My Kit"
        assert {60, 62} <= pitches(studio, 4) <= {60, 61, 62, 63}
        # The next clip on that track, and a changed one, are written for the same pads.
        compose(studio, track=4, scene=1)
        done(studio, studio.device.refine(track=4, scene=0, changes="busier", replace=True))
        assert pitches(studio, 4) <= {60, 61, 62, 63}


def test_a_kit_that_lacks_drums_says_which() -> None:
    with Studio(kits={"Two": TWO_PADS}, settings="instruments: {drums: Two}\n") as studio:
        compose(studio)
        said = told(studio)
        assert any(sentence.startswith("Two has no pad for") for sentence in said), said


def test_a_chosen_instrument_that_this_live_has_not_is_named() -> None:
    with Studio(settings="instruments: {drums: Mi Kit, bass: drift}\n") as studio:
        assert compose(studio).name == "house drums on 909 Core Kit"
        assert compose(studio, "bassaroo").name == "house bass on Drift"
        said = [sentence for sentence in told(studio) if "settings" in sentence]
        assert said == [
            "This Live's browser has no “Mi Kit”: DrummaRoo is on 909 Core Kit. "
            "Correct the name under “instruments” in the settings."
        ]


def test_what_is_on_a_track_stays(studio: Studio) -> None:
    before = studio.live.snapshot()
    studio.live.insert_device("song.tracks[0]", "Wavetable")
    compose(studio, "bassaroo", track=0)
    devices = studio.live.snapshot()["tracks"][0]["devices"]
    assert [device["name"] for device in devices] == ["Wavetable"]
    done(studio, studio.device.undo())
    studio.live.undo()
    assert studio.live.snapshot() == before
    studio.device.idle(0.2)  # the daemon learns of it a tick later


def test_a_silent_track_of_the_user_s_gets_a_sound_unless_its_midi_goes_elsewhere(studio: Studio) -> None:
    before = studio.live.snapshot()
    assert compose(studio, "bassaroo", track=0).name == "house bass on Basic Organ Bass"
    done(studio, studio.device.undo())
    assert studio.live.snapshot() == before


def test_a_part_takes_the_sound_of_another_track(studio: Studio) -> None:
    before = studio.live.snapshot()
    studio.live.insert_device("song.tracks[1]", "Collision")
    studio.device.idle(0.2)
    compose(studio, "melodyroo", changes="sound of track 2")
    assert instruments(studio) == ["Collision"]
    done(studio, studio.device.undo())
    studio.live.undo()
    assert studio.live.snapshot() == before
