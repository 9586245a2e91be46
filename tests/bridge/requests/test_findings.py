"""A question about a clip: which clip is meant, what the device is told, what goes into the set."""

from dataclasses import replace

import pytest

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Analyze, ClipNotes, Gone, Rename, Selection, SetScale, SetTempo, Transaction
from musearoo.bridge.protocol.codec import encode_bundle, encode_notes
from musearoo.bridge.requests.findings import (
    describe_change,
    describe_findings,
    read_notes,
    read_question,
    write_findings,
)
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, Harmony, Rhythm
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from tests.bridge.live_set.test_listening import a_set, an_audio_clip
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.each_case import each_case

FOUND = Analysis(
    2.0,
    "fast",
    Rhythm(Estimate(92.0, 0.9, "clip"), beats=(0.0, 0.65), downbeats=(0.0,), meter=Estimate(Meter(), 0.6, "clip")),
    Harmony(Estimate(Key(9, "Minor"), 0.4, "clip")),
)


def a_question(**changed: int) -> Analyze:
    plain = Analyze(session=1, press=7, track=0, scene=0, deep=0, tempo=0, meter=0, scale=0, warp=0, locators=0, name=0)
    return replace(plain, **changed)


def audio_set(*more: object) -> SetMirror:
    return a_set(*an_audio_clip(10, 100, name="Break"), Selection(1, 100, 10), *more)  # type: ignore[arg-type]


def test_a_clip_is_meant_by_its_slot_or_by_detail_view() -> None:
    for asked in (a_question(), a_question(track=-1), a_question(scene=-1)):
        question = read_question(audio_set(), asked)
        assert question.name == "Break"
        assert question.notes is None
        assert question.passage is not None
        assert question.passage.path == "/loops/10.wav"


def test_a_midi_clip_is_read_off_its_notes() -> None:
    notes = encode_notes([a_record(beat, pitch=pitch) for beat in range(4) for pitch in (57, 60, 64)])
    mirror = a_set(a_track(3, 2), a_clip(30, 3, 100), ClipNotes(30, notes))
    question = read_question(mirror, a_question(track=2))
    assert question.passage is None
    analysis = read_notes(question, {})
    assert analysis.depth == "exact"
    assert analysis.rhythm.tempo.value == 120.0
    assert [str(heard.chord.symbol) for heard in analysis.harmony.chords if heard.chord] == ["Am"]


@each_case(
    "asked, said",
    [
        (a_question(track=1), "no clip in that slot"),
        (a_question(scene=2), "no clip in that slot"),
        (a_question(track=9), "no clip in that slot"),
    ],
)
def test_an_empty_slot_is_said_to_be_one(asked: Analyze, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        read_question(audio_set(), asked)


def test_without_a_clip_in_detail_view_one_is_asked_for() -> None:
    with pytest.raises(RequestError, match="Detail View: click one"):
        read_question(audio_set(Selection(1, 100, 0)), a_question(track=-1))


def test_a_clip_whose_file_is_unknown_cannot_be_heard() -> None:
    clip, _ = an_audio_clip(10, 100)
    with pytest.raises(RequestError, match="does not tell which file"):
        read_question(a_set(clip), a_question())


def test_before_the_set_is_told_nothing_is_read() -> None:
    with pytest.raises(RequestError, match="still telling"):
        read_question(SetMirror(), a_question())
    with pytest.raises(RequestError, match="no clip"):
        read_question(audio_set(Gone(10)), a_question())


def test_what_was_found_is_told_and_nothing_written_that_was_not_asked_for() -> None:
    found, messages = write_findings(read_question(audio_set(), a_question()), a_question(), FOUND, "device:7", 0.0)
    assert messages == ()
    assert (found.tempo, found.numerator, found.denominator, found.key) == (92.0, 4, 4, "A minor")
    assert found.sentence == "Break: 92 BPM, probably 4/4, perhaps A minor."


def test_what_was_asked_for_is_one_transaction() -> None:
    asked = a_question(tempo=1, scale=1, name=1, locators=1)
    found, messages = write_findings(read_question(audio_set(), asked), asked, FOUND, "device:7", 5.0)
    assert encode_bundle(messages)
    assert messages[0] == Transaction("device:7", 5.0)
    assert {type(message) for message in messages[1:]} == {SetTempo, SetScale, Rename}
    assert "Left out: locators:" in found.sentence


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    nothing = Analysis(2.0, "fast", Rhythm(UNKNOWN))
    assert describe_findings("Noise", nothing) == "Noise: neither tempo nor key can be told."
    asked = a_question(tempo=1, meter=1, scale=1, warp=1, locators=1, name=1)
    found, messages = write_findings(read_question(audio_set(), asked), asked, nothing, "device:7", 0.0)
    assert messages == ()
    assert (found.tempo, found.numerator, found.key) == (0.0, 0, "")


def test_a_change_is_told_when_a_musician_would_care() -> None:
    twice = replace(FOUND, depth="deep", rhythm=replace(FOUND.rhythm, tempo=Estimate(184.0, 0.9, "clip")))
    assert describe_change("Break", FOUND, twice) == "Break, heard more closely: 184 BPM (was 92 BPM)."
    close = replace(FOUND, depth="deep", rhythm=replace(FOUND.rhythm, tempo=Estimate(92.1, 0.99, "clip")))
    assert describe_change("Break", FOUND, close) == ""
