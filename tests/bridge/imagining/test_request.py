"""Requests to imagine: every value that cannot be worked with is named, with its bounds."""

from typing import Any

import msgspec
import pytest

from musearoo.bridge.imagining.request import ImagineRequest, Source
from musearoo.engines.errors import ParamError
from musearoo.engines.music.scale import Key
from tests.each_case import each_case

PLAIN = ImagineRequest(text="dub", folder="out")

TUNE = ((0.0, 60, 0.5),)


def change(**values: Any) -> ImagineRequest:
    return msgspec.structs.replace(PLAIN, **values)


@each_case(
    "values, match",
    [
        ({"takes": 0}, "takes must be 1 to 16, but was 0"),
        ({"seed": -1}, "seed must be 0 to"),
        ({"rate": 4000}, "rate must be 8000 to 192000 Hz"),
        ({"subtype": "MP3"}, "subtype must be FLOAT or PCM_24"),
        ({"backend": "riffusion"}, "backend must be musicgen, stable-audio, sketch, ambient or empty"),
        ({"bpm": 5.0}, "bpm must be 20 to 999"),
        ({"bpm": float("nan")}, "bpm must be 20 to 999"),
        ({"bars": 0}, "bars must be 1 to 64"),
        ({"seconds": 0.1}, "seconds must be 0.5 to 120"),
        ({"seconds": 8.0, "bars": 4}, "seconds must be left out where bars are given"),
        ({"loudness_lufs": 3.0}, "loudness must be -60 to 0 LUFS"),
        ({"names": ("a", "b")}, "names must be as many as there are takes, 1, but was 2"),
        ({"numerator": 0, "denominator": 4}, "meter must be 1 to 99 above the line"),
        ({"numerator": 6}, "meter must be two numbers, or none"),
        ({"numerator": 6, "denominator": 5}, "meter must be 1, 2, 4, 8 or 16 below the line"),
        ({"key": "H dur"}, "key"),
        ({"chords": "Am ???"}, "chord"),
        ({"melody": Source("a.wav"), "before": Source("b.wav")}, "left out where a sound is continued"),
        ({"notes": TUNE, "before": Source("b.wav")}, "left out where a sound is continued"),
        ({"melody": Source("a.wav"), "notes": TUNE}, "a sound or notes, not both"),
        ({"melody": Source("a.wav", bpm=1.0)}, "tempo of the source must be 20 to 999"),
        ({"notes": ((0.0, 200, 0.5),)}, "notes of pitches 0 to 127"),
        ({"notes": ((0.0, 60, 0.0),)}, "notes of pitches 0 to 127 that last"),
        ({"notes": TUNE * 5000}, "at most 4000 notes"),
    ],
)
def test_what_makes_no_sense_is_named(values: dict[str, Any], match: str) -> None:
    PLAIN.require_sensible()
    with pytest.raises(ParamError, match=match):
        change(**values).require_sensible()


def test_bars_that_last_too_long_say_how_long_they_would() -> None:
    change(bars=60).require_length(120.0)
    with pytest.raises(ParamError, match=r"bars must be 0.5 to 120 seconds long \(32 at 60 BPM are 128.0 s\), "):
        change(bars=32).require_length(60.0)
    with pytest.raises(ParamError, match=r"\(1 at 999 BPM are 0.0 s\)"):
        change(bars=1, numerator=1, denominator=8).require_length(999.0)


def test_it_describes_the_set() -> None:
    facts = change(bpm=90.0, key="A minor", chords="Am F", numerator=6, denominator=8, playing=("drums",)).facts
    assert (facts.bpm, facts.key, facts.playing) == (90.0, Key.parse("A minor"), ("drums",))
    assert str(facts.meter) == "6/8"
    assert [span.chord.symbol for span in facts.chords] == ["Am", "F"]


def test_it_is_plain_data_there_and_back() -> None:
    request = change(melody=Source("a.wav", 1.0, 2.0, 90.0), names=("x",), playing=("bass",), loudness_lufs=-14.0)
    assert msgspec.convert(msgspec.to_builtins(request), ImagineRequest) == request
    with pytest.raises(msgspec.ValidationError, match="unknown field `tempo`"):
        msgspec.convert({**msgspec.to_builtins(request), "tempo": 9}, ImagineRequest)
