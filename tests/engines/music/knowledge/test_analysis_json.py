"""Analyses as JSON and as bytes: exact round trips, and errors for invalid data."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    Band,
    Character,
    DetectedChord,
    DrumOnset,
    EnergyCurve,
    Harmony,
    KeySpan,
    Loudness,
    Mood,
    Onset,
    Polyrhythm,
    Rhythm,
    Section,
    StereoImage,
    StyleGuess,
    TempoPoint,
)
from musearoo.engines.music.knowledge.analysis_json import VERSION, dump_analysis, encode_analysis, load_analysis
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from tests.each_case import each_case

FEEL = GrooveProfile((0.0, 0.5), (0.01, 1.0 / 6.0), (100.0, 70.5), (8, 7))
FULL = Analysis(
    duration=8.0,
    depth="deep",
    rhythm=Rhythm(
        tempo=Estimate(119.987, 0.9, "clip"),
        beats=(0.1, 0.6, 1.1),
        downbeats=(0.1,),
        meter=Estimate(Meter(6, 8), 0.7, "clip"),
        curve=(TempoPoint(0.0, 119.987),),
        beats_confidence=0.8,
        downbeats_confidence=0.6,
        loop_bars=Estimate(4, 0.9, "clip"),
    ),
    harmony=Harmony(
        key=Estimate(Key(9, "Minor"), 0.8, "clip"),
        keys=(KeySpan(0.0, 8.0, Key(9, "Minor"), 0.8),),
        chords=(DetectedChord(0.0, 4.0, Chord.parse("Am7/G"), 0.7), DetectedChord(4.0, 8.0, None, 0.4)),
        chords_confidence=0.55,
        tuning_cents=-12.25,
    ),
    groove=Groove(Estimate(2.0, 0.8, "clip"), 12.5, 4.0, FEEL, {"hat": FEEL}, 0.9),
    onsets=(Onset(0.1, 1.0), Onset(0.6, 0.25)),
    hits=(DrumOnset(0.1, "kick", 110.0, 0.9),),
    polyrhythms=(Polyrhythm(3, 2, 0.5),),
    character=Character(
        energy=EnergyCurve(0.5, (0.1, 0.9), 0.5, 0.75, 0.9),
        sections=(Section(0.0, 8.0, "A", 0.5),),
        styles=(StyleGuess("rock", 0.25), StyleGuess("funk", 0.75)),
        mood=Mood(-0.5, 0.25, 0.6, ("minor key", "slow")),
        complexity=Estimate(0.4, 0.6, "clip"),
        register=Estimate((36, 72), 0.7, "clip"),
        bands=(Band("sub", 20.0, 60.0, -12.0, 1.5),),
        loudness=Loudness(-14.0, -1.0, None),
        stereo=StereoImage(0.3, 0.0, 0.8),
    ),
    stems=("drums", "bass"),
    stems_label="DSP",
)
NOTHING = Analysis(0.05, "fast", Rhythm(UNKNOWN))


@each_case("analysis", [FULL, NOTHING])
def test_load_is_the_inverse_of_dump(analysis: Analysis) -> None:
    assert load_analysis(dump_analysis(analysis)) == analysis


@given(st.lists(st.floats(0.0, 1800.0), max_size=50), st.floats(0.0, 1.0))
def test_any_number_is_restored_exactly(beats: list[float], confidence: float) -> None:
    rhythm = Rhythm(Estimate(None, confidence, "guess"), beats=tuple(beats))
    analysis = replace(NOTHING, rhythm=rhythm)
    assert load_analysis(dump_analysis(analysis)) == analysis


@given(st.binary(max_size=60))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ParamError, match="analysis must be"):
        load_analysis(data)


@each_case("cut", [1, 10, 200])
def test_a_dump_that_was_cut_is_refused(cut: int) -> None:
    with pytest.raises(ParamError, match="analysis must be"):
        load_analysis(dump_analysis(FULL)[:-cut])


def test_another_version_is_refused() -> None:
    kept = msgspec.msgpack.decode(dump_analysis(FULL))
    other = msgspec.msgpack.encode(kept | {"version": VERSION + 1})
    with pytest.raises(ParamError, match=f"version {VERSION + 1}"):
        load_analysis(other)


def test_values_out_of_bounds_are_refused() -> None:
    kept = msgspec.msgpack.decode(dump_analysis(FULL))
    kept["analysis"]["harmony"]["key"]["confidence"] = 7.0
    with pytest.raises(ParamError, match="confidence must be 0 to 1"):
        load_analysis(msgspec.msgpack.encode(kept))


def test_the_json_is_as_promised() -> None:
    data = encode_analysis(FULL)
    assert json.loads(json.dumps(data)) == data
    expected: dict[str, object] = {
        "duration": 8.0,
        "pass": "deep",
        "tempo": 119.987,
        "live_tempo": pytest.approx(179.98, abs=0.01),
        "beats": [0.1, 0.6, 1.1],
        "downbeats": [0.1],
        "time_signature": "6/8",
        "loop_bars": 4,
        "key": "A minor",
        "chords": [[0.0, 4.0, "A:min7/b7"], [4.0, 8.0, "N"]],
        "segments": [[0.0, 8.0, "A"]],
        "swing": 2.0,
        "microtiming_rms_ms": 12.5,
        "style": "funk",
        "energy": 0.5,
        "hits": [[0.1, "kick", 110.0, 0.9]],
        "register": [36, 72],
        "polyrhythms": [{"against": 3, "beats": 2, "confidence": 0.5}],
    }
    assert {name: data[name] for name in expected} == expected


def test_unknown_is_null() -> None:
    data = encode_analysis(NOTHING)
    assert json.loads(json.dumps(data)) == data
    for name in ("tempo", "time_signature", "key", "swing", "microtiming_rms_ms", "style", "energy", "loudness"):
        assert data[name] is None
    for name in ("beats", "chords", "segments", "hits", "onsets"):
        assert data[name] == []
    confidences = data["confidence"]
    assert isinstance(confidences, dict)
    assert set(confidences.values()) == {0.0}


def test_every_confidence_is_between_0_and_1() -> None:
    confidences = encode_analysis(FULL)["confidence"]
    assert isinstance(confidences, dict)
    assert all(0.0 <= value <= 1.0 for value in confidences.values())
    assert {"tempo", "beats", "downbeats", "key", "chords", "swing", "style", "energy"} <= set(confidences)
