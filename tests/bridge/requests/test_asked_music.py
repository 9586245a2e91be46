"""What a press asks of the music itself: chords with their key, and wishes."""

import pytest

from musearoo.bridge.protocol import (
    ClipNotes,
    InstrumentState,
    Refusal,
)
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.requests.asked_music import in_requested_harmony
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.some_orders import composed, mean, on_the_bars, one_clip
from tests.bridge.live_set.test_mirror import a_record
from tests.bridge.requests.test_generate import KEYS, a_press, a_set
from tests.each_case import each_case


def test_chords_that_are_asked_for_are_played_instead_of_the_scenes() -> None:
    bass = a_press(engine="bassaroo", style="rock", bars=4, humanise=0.0, scene=1, complexity=0.1)
    assert on_the_bars(one_clip(bass, chords="Dm7 G7 Cmaj7 E7")) == [2, 7, 0, 4]


@each_case("chords, named", [("Dm7 Gsus9x", "Gsus9x"), ("Dm7 | | C", "bar 2"), ("|", "chords")])
@each_case("engine", ["bassaroo", "band"])
def test_a_chord_that_there_is_not_is_told(chords: str, named: str, engine: str) -> None:
    with pytest.raises(RequestError) as refusal:
        composed(a_press(engine=engine, chords=chords))
    assert refusal.value.code is Refusal.BAD_PARAMETER
    assert named in refusal.value.sentence


def test_chords_bring_their_key_unless_they_fit_the_one_there_is() -> None:
    here = MusicalContext.plain(key="A minor")
    keys = {
        chords: in_requested_harmony(here, a_press(chords=chords)).key.value
        for chords in ("", "Am F C G", "Bb Eb F7 Bb", "E A B7 E")
    }
    assert [str(key) for key in keys.values()] == ["A minor", "A minor", "Bb major", "E major"]
    assert str(in_requested_harmony(here, a_press(chords="E A B7 E", key="C# minor")).key.value) == "C# minor"


@each_case("engine", [engine.name for engine in ENGINES])
def test_a_new_part_is_played_as_wished(engine: str) -> None:
    plain = one_clip(a_press(engine=engine))
    soft, loud = one_clip(a_press(engine=engine), changes="softer"), one_clip(a_press(engine=engine), changes="louder")
    assert mean(soft, "velocity") < mean(plain, "velocity") < mean(loud, "velocity")
    if engine != "drummaroo":
        low = one_clip(a_press(engine=engine), changes="lower, shorter")
        assert mean(low, "pitch") == pytest.approx(mean(plain, "pitch") - 12.0)
        assert mean(low, "duration") < 0.8 * mean(plain, "duration")


def test_a_wish_said_twice_counts_twice() -> None:
    loudness = [mean(one_clip(a_press(), changes=text), "velocity") for text in ("", "softer", "softer, softer")]
    assert loudness == sorted(loudness, reverse=True)
    assert len(set(loudness)) == 3


def test_a_wish_keeps_what_only_the_engine_knows() -> None:
    walking = a_press(engine="bassaroo", bars=4, humanise=0.0, swing=1.0, options="manner=walking")
    assert [round(note.start, 2) for note in one_clip(walking, changes="softer")] == [float(beat) for beat in range(16)]


def test_the_groove_of_another_track_can_be_wished() -> None:
    late = [a_record(at / 2 + (0.12 if at % 2 else 0.0), 0.3, 60) for at in range(8)]
    mirror = a_set(ClipNotes(20, encode_notes(late)))
    press = a_press(engine="drummaroo", style="house", humanise=0.0, scene=1, track=-1, bars=1)
    assert one_clip(press, changes="groove of track 3", mirror=mirror) != one_clip(press, mirror=mirror)
    with pytest.raises(RequestError, match="Track 2 has no clip in this scene"):
        composed(press, mirror, changes="groove of track 2")


def test_the_sound_of_a_track_goes_to_one_new_part() -> None:
    mirror = a_set(InstrumentState(KEYS, "Operator", "Operator", ()))
    with pytest.raises(RequestError, match="The sound of track 3 goes to one new part: ask for each"):
        composed(a_press(engine="band"), mirror, changes="sound of track 3")
    with pytest.raises(RequestError, match="Track 1 has no instrument"):
        composed(a_press(engine="bassaroo", track=-1), mirror, changes="sound of track 1")
    press = a_press(engine="melodyroo", track=2)
    kept = composed(press, mirror, changes="sound of track 3")
    assert kept.notices == ("The track keeps its own instrument: track 3's is only for one that has none.",)


@each_case("engine", ["bassaroo", "band"])
def test_what_cannot_be_wished_is_told(engine: str) -> None:
    with pytest.raises(RequestError, match="change must be of again, simpler") as refusal:
        composed(a_press(engine=engine, changes="purple"))
    assert refusal.value.code is Refusal.BAD_PARAMETER
