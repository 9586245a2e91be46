"""Encode an Analysis as JSON for people and programs, and as bytes for the disk cache.

`encode_analysis` is for reading: musicians' names, seconds rounded to a tenth of a millisecond, null for unknown
values. `dump_analysis` and `load_analysis` are an exact inverse pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from musearoo.engines.errors import ParamError
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.analysis import Analysis, StyleGuess

VERSION: Final = 2
"""The version of the bytes of `dump_analysis`; raise it when the types of `analysis` change."""

LIKELIER: Final = 1.3
"""How much likelier than by chance a style must be to be named."""

_SECONDS: Final = 4
"""The decimals of a time: a tenth of a millisecond."""


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    analysis: Analysis


class _Version(msgspec.Struct, frozen=True):
    version: int


def dump_analysis(analysis: Analysis) -> bytes:
    """Return an analysis as bytes (MessagePack), for `load_analysis` of the same version."""
    return msgspec.msgpack.encode(_Kept(VERSION, analysis))


def load_analysis(data: bytes) -> Analysis:
    """Return the analysis of bytes from `dump_analysis`; raises ParamError for other bytes or another version.

    >>> load_analysis(b"x")
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: analysis must be bytes of `dump_analysis`, version 2 \
(Expected `object`, got `int`), but was b'x'
    """
    try:
        found = msgspec.msgpack.decode(data, type=_Version).version
        if found != VERSION:
            raise ParamError("analysis", f"bytes of `dump_analysis`, version {VERSION}", f"version {found}")
        return msgspec.msgpack.decode(data, type=_Kept).analysis
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ParamError("analysis", f"bytes of `dump_analysis`, version {VERSION} ({error})", data[:8]) from error


def encode_analysis(analysis: Analysis) -> dict[str, object]:
    """Return an analysis as plain data, under the names of `musearoo analyze --json`; times in seconds.

    Keys that only the caller knows ("file", "ms") are missing.
    """
    rhythm, harmony, character = analysis.rhythm, analysis.harmony, analysis.character
    style = name_style(character.styles)
    energy = character.energy
    return {
        "duration": _seconds(analysis.duration),
        "pass": analysis.depth,
        "tempo": _rounded(rhythm.tempo.value, 3),
        "live_tempo": _rounded(rhythm.live_bpm, 3),
        "tempo_curve": [[_seconds(point.time), round(point.bpm, 3)] for point in rhythm.curve],
        "beats": _times(rhythm.beats),
        "downbeats": _times(rhythm.downbeats),
        "time_signature": _text(rhythm.meter.value),
        "loop_bars": rhythm.loop_bars.value,
        "key": _text(harmony.key.value),
        "key_changes": [
            [_seconds(span.start), _seconds(span.end), str(span.key), round(span.confidence, 3)]
            for span in harmony.keys
        ],
        "chords": [
            [_seconds(span.start), _seconds(span.end), "N" if span.chord is None else span.chord.harte_on(place)]
            for span, place in zip(harmony.chords, harmony.root_places, strict=True)
        ],
        "tuning_cents": round(harmony.tuning_cents, 1),
        "segments": [[_seconds(part.start), _seconds(part.end), part.label] for part in character.sections],
        "swing": _rounded(analysis.groove.swing.value, 3),
        "microtiming_rms_ms": _rounded(analysis.groove.microtiming_rms_ms, 2),
        "groove": _encode_groove(analysis.groove),
        "polyrhythms": [
            {"against": poly.against, "beats": poly.beats, "confidence": round(poly.confidence, 3)}
            for poly in analysis.polyrhythms
        ],
        "onsets": [[_seconds(onset.time), round(onset.strength, 3)] for onset in analysis.onsets],
        "hits": [
            [_seconds(hit.time), hit.kind, round(hit.velocity, 1), round(hit.confidence, 3)] for hit in analysis.hits
        ],
        "style": style,
        "styles": {guess.name: round(guess.likelihood, 4) for guess in character.styles},
        "energy": None if energy is None else round(energy.mean, 3),
        "energy_curve": None
        if energy is None
        else {
            "step": energy.step,
            "values": [round(value, 3) for value in energy.values],
            "climax": _seconds(energy.climax),
        },
        "mood": None
        if character.mood is None
        else {
            "valence": round(character.mood.valence, 3),
            "arousal": round(character.mood.arousal, 3),
            "because": list(character.mood.because),
        },
        "complexity": _rounded(character.complexity.value, 3),
        "register": None if character.register.value is None else list(character.register.value),
        "bands": [
            {
                "name": band.name,
                "hz": [band.low_hz, band.high_hz],
                "level_db": round(band.level_db, 2),
                "onsets_per_second": round(band.onsets_per_second, 3),
            }
            for band in character.bands
        ],
        "loudness": None
        if character.loudness is None
        else {
            "lufs": _rounded(character.loudness.lufs, 2),
            "true_peak_db": round(character.loudness.true_peak_db, 2),
            "range_lu": _rounded(character.loudness.range_lu, 2),
        },
        "stereo": None
        if character.stereo is None
        else {
            "width": round(character.stereo.width, 3),
            "balance": round(character.stereo.balance, 3),
            "correlation": round(character.stereo.correlation, 3),
        },
        "stems": list(analysis.stems),
        "stems_label": analysis.stems_label,
        "confidence": _confidences(analysis),
    }


def name_style(styles: Sequence[StyleGuess]) -> str | None:
    """Return the likeliest style; None if it is hardly likelier than the others.

    >>> name_style([StyleGuess("rock", 0.5), StyleGuess("funk", 0.3), StyleGuess("disco", 0.2)])
    'rock'
    >>> print(name_style([StyleGuess("rock", 0.4), StyleGuess("funk", 0.3), StyleGuess("disco", 0.3)]))
    None
    """
    best = max(styles, key=lambda guess: guess.likelihood, default=None)
    return None if best is None or best.likelihood * len(styles) < LIKELIER else best.name


def _confidences(analysis: Analysis) -> dict[str, float]:
    """Return the confidence 0..1 of each value, under its JSON name."""
    rhythm, harmony, character = analysis.rhythm, analysis.harmony, analysis.character
    found: Mapping[str, Estimate[Any]] = {
        "tempo": rhythm.tempo,
        "time_signature": rhythm.meter,
        "loop_bars": rhythm.loop_bars,
        "key": harmony.key,
        "swing": analysis.groove.swing,
        "complexity": character.complexity,
        "register": character.register,
    }
    styles = [guess.likelihood for guess in character.styles]
    confidences = {name: value.confidence for name, value in found.items()} | {
        "beats": rhythm.beats_confidence,
        "downbeats": rhythm.downbeats_confidence,
        "chords": harmony.chords_confidence,
        "segments": _mean(part.confidence for part in character.sections),
        "groove": analysis.groove.confidence,
        "hits": _mean(hit.confidence for hit in analysis.hits),
        "style": max(styles, default=0.0),
        "energy": 0.0 if character.energy is None else character.energy.confidence,
        "mood": 0.0 if character.mood is None else character.mood.confidence,
    }
    return {name: round(value, 3) for name, value in confidences.items()}


def _encode_groove(groove: Groove) -> dict[str, object]:
    return {
        "bar_beats": groove.bar_beats,
        "whole": None if groove.whole is None else _encode_feel(groove.whole),
        "drums": {kind: _encode_feel(feel) for kind, feel in (groove.drums or {}).items()},
    }


def _encode_feel(feel: GrooveProfile) -> list[list[float]]:
    """Return rows of [position in beats, offset in beats, velocity, count]."""
    rows = zip(feel.positions, feel.offsets, feel.velocities, feel.counts, strict=True)
    return [[round(place, 4), round(offset, 4), round(velocity, 1), count] for place, offset, velocity, count in rows]


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def _seconds(value: float) -> float:
    return round(value, _SECONDS)


def _times(values: Iterable[float]) -> list[float]:
    return [round(value, _SECONDS) for value in values]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
