"""Which port is meant by a name: the nearest in spelling, whatever number the system put behind it."""

from __future__ import annotations

from musearoo.bridge.midi.ports.names import find_port, foreign_ports


def test_the_nearest_in_spelling_is_meant() -> None:
    cases = (
        ("Synth 2", ("synth 2", "Synth 2"), "Synth 2", "the very name goes before one that differs in case"),
        (" SYNTH 2 ", ("My Synth 2", "Synth 2"), "Synth 2", "the whole name goes before a part of one"),
        ("synth", ("Piano 1", "My Synth 2", "Synth 3"), "My Synth 2", "of several that contain it the first"),
        ("Synth 1", ("My Synth 4", "Synth 2"), "Synth 2", "the same but for its number goes before a part of one"),
        ("Synth 1", ("Piano 1", "My Synth 4"), "My Synth 4", "a part of a name, but for its number"),
        ("Synth 1", ("Piano 1", "Organ"), None, "none is like it"),
        ("  ", ("Piano 1",), None, "nothing is meant by nothing"),
    )
    for wanted, names, meant, why in cases:
        assert find_port(wanted, names) == meant, why


def test_our_own_ports_are_left_out_both_ways_and_in_any_case() -> None:
    names = ("MUSEAROO IN 1", "MuseAroo:MuseAroo Out 128:0", "MuseAroo Fan", "Synth")
    assert foreign_ports(names, "MuseAroo") == ("MuseAroo Fan", "Synth")
