"""The analysis of the player's last bars."""

from __future__ import annotations

from musearoo.engines.improvisation.capture.recent_bars import analyze_recent_bars
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.scale import Key
from tests.engines.improvisation.some_playing import Key as Struck
from tests.engines.improvisation.some_playing import play

CHORDS = {
    "Am": (57, 60, 64),
    "F": (53, 57, 60),
    "C": (48, 55, 64),
    "G": (55, 59, 62),
    "E": (52, 56, 59),
    "A": (57, 61, 64),
    "D": (50, 57, 66),
    "B7": (47, 57, 63, 66),
}


def comp(progression: str) -> list[Struck]:
    """A bar of each chord, in half notes."""
    return [
        (4.0 * bar + half, 1.8, pitch)
        for bar, chord in enumerate(progression.split())
        for half in (0.0, 2.0)
        for pitch in CHORDS[chord]
    ]


def test_the_last_bars_say_chords_key_and_groove() -> None:
    heard = analyze_recent_bars(play(comp("Am F C G Am F C G")), 4)
    assert heard is not None
    assert (heard.start, heard.length, heard.role) == (16.0, 16.0, "harmony")
    assert heard.progression == "Am | F | C | G"
    assert str(heard.context.key.value) == "A minor"
    assert not heard.has_changed_key
    assert heard.context.groove.value is not None


def test_a_change_of_key_is_noticed() -> None:
    heard = analyze_recent_bars(play(comp("C F G C F G C C E A B7 E A B7 E E")), 16)
    assert heard is not None
    assert heard.has_changed_key
    assert [str(span.key) for span in heard.keys] == ["C major", "E major"]
    assert heard.keys[1].start == 32.0
    assert heard.context.key.value == Key.parse("E")


def test_the_key_of_the_set_stands() -> None:
    heard = analyze_recent_bars(play(comp("Am F C G")), 4, Key.parse("Am"))
    assert heard is not None
    assert [str(span.key) for span in heard.keys] == ["A minor"]
    assert heard.context.key.source == "set"


def test_drums_have_no_key() -> None:
    heard = analyze_recent_bars(play([(n / 2.0, 0.1, 36 if n % 2 else 42) for n in range(32)], channel=9), 4)
    assert heard is not None
    assert (heard.role, heard.keys, heard.context.chords) == ("drums", (), ())


def test_without_notes_there_is_no_analysis() -> None:
    assert analyze_recent_bars(PlayerListener().recording(0.0, 0.0)) is None
