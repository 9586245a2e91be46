"""The pads of a drum rack are matched to General MIDI's drums by their names."""

from __future__ import annotations

from pathlib import Path

from musearoo.engines.music.kits import rack_pads as ours
from musearoo.engines.music.kits.rack_pads import DRUM_WORDS, SUBSTITUTES, drum_of, match_pads
from musearoo.remote_scripts.MuseAroo.live_set import rack_pads as script_copy
from tests.each_case import each_case


@each_case(
    "name, drum",
    [
        ("Kick 909", 36),
        ("BD", 36),
        ("Bass Drum 2", 36),
        ("Snare-808", 38),
        ("Rim 606", 37),
        ("Side Stick", 37),
        ("Clap", 39),
        ("HiHat Closed", 42),
        ("Closed Hat 2", 42),
        ("Hi-Hat Open", 46),
        ("HH Pedal", 44),
        ("Ride Bell", 53),
        ("Ride", 51),
        ("Crash Left", 49),
        ("Tom Low", 41),
        ("Floor Tom", 41),
        ("Tom", 45),
        ("Conga", 64),
        ("Cowbell", 56),
        ("hat", 42),
        ("Vinyl Noise", 0),
        ("", 0),
        ("Snarling", 0),
    ],
)
def test_a_pad_s_name_tells_its_drum(name: str, drum: int) -> None:
    assert drum_of(name) == drum


def test_a_kit_on_general_midi_s_notes_is_left_alone() -> None:
    assert match_pads({drum: words[0] for drum, words in dict(DRUM_WORDS).items()}) == {}
    # Names that tell nothing are taken to be where they should be.
    assert match_pads({drum: f"Slice {drum}" for drum in dict(DRUM_WORDS)}) == {}


def test_drums_go_where_the_user_s_are() -> None:
    moved = match_pads({60: "My Kick", 61: "Snare", 62: "Hat Closed"})
    assert (moved[36], moved[38], moved[42]) == (60, 61, 62)
    # What is not there goes to the nearest sound, or stays where nothing sounds.
    assert (moved[39], moved[37], moved[46]) == (61, 61, 62)
    assert 75 not in match_pads({36: "Kick"})


def test_a_named_pad_wins_over_an_unnamed_one_on_the_drum_s_own_note() -> None:
    assert match_pads({38: "Sample 12", 61: "Snare"})[38] == 61
    assert 38 not in match_pads({38: "Sample 12"})


def test_every_substitute_is_a_drum() -> None:
    drums = set(dict(DRUM_WORDS))
    assert set(SUBSTITUTES) <= drums
    assert {drum for drums_ in SUBSTITUTES.values() for drum in drums_} <= drums


def test_the_script_s_copy_is_the_same() -> None:
    copy = Path(script_copy.__file__).read_text(encoding="utf-8")
    assert copy.endswith(Path(ours.__file__).read_text(encoding="utf-8"))
