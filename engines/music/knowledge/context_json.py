"""Encode a MusicalContext as plain JSON data, and decode it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate, Source
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role, SectionSpan
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

Value = TypeVar("Value")


class _EstimateData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: float | str | None
    confidence: float = 1.0
    source: Source = "user"


class _GrooveEstimateData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: Groove | None
    confidence: float = 1.0
    source: Source = "user"


class _ChordData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: float
    end: float
    chord: str
    confidence: float = 1.0


class _PartData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: Role
    name: str
    length: float
    notes: list[list[float]]  # [start, pitch, duration, velocity], then Note's other fields in order
    meter: str | None = None
    clip: str | None = None  # the clip's own name where it is not the part's


class _ContextData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tempo: _EstimateData | float | None = None
    meter: _EstimateData | str | None = None
    key: _EstimateData | str | None = None
    chords: list[_ChordData] | str = []
    swing: _EstimateData | float | None = None
    parts: list[_PartData] = []
    groove: _GrooveEstimateData | None = None
    style: _EstimateData | str | None = None
    energy: _EstimateData | float | None = None
    sections: list[tuple[float, float, str, float]] = []


def encode_context(context: MusicalContext) -> dict[str, object]:
    """Return a context as plain data.

    >>> encode_context(MusicalContext.plain(bpm=90, key="C"))["key"]
    {'value': 'C major', 'confidence': 1.0, 'source': 'user'}
    """
    key = context.key.value
    return {
        "tempo": _encode_estimate(context.tempo, context.tempo.value),
        "meter": _encode_estimate(context.meter, str(context.meter.value)),
        "key": _encode_estimate(context.key, None if key is None else str(key)),
        "chords": [
            {"start": span.start, "end": span.end, "chord": span.chord.harte, "confidence": span.confidence}
            for span in context.chords
        ],
        "swing": _encode_estimate(context.swing, context.swing.value),
        "parts": [
            {
                "role": part.role,
                "name": part.name,
                "clip": part.clip.name,
                "length": part.clip.length,
                "meter": str(part.clip.meter),
                "notes": [encode_note(note) for note in part.clip.notes],
            }
            for part in context.parts
        ],
        "groove": {
            "value": msgspec.to_builtins(context.groove.value),
            "confidence": context.groove.confidence,
            "source": context.groove.source,
        },
        "style": _encode_estimate(context.style, context.style.value),
        "energy": _encode_estimate(context.energy, context.energy.value),
        "sections": [[part.start, part.end, part.label, part.confidence] for part in context.sections],
    }


def decode_context(data: Mapping[str, object]) -> MusicalContext:
    """Return the context of plain data; bare values count as the user's, and "chords" may be a text.

    >>> decode_context({"tempo": 174, "chords": "Am F"}).chords[1].chord.symbol
    'F'
    >>> decode_context({"tempo": 5})
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: tempo must be 20 to 999 BPM, but was 5.0
    """
    try:
        fields = msgspec.convert(data, _ContextData)
    except msgspec.ValidationError as error:
        raise ParamError("context", f"as `encode_context` writes it ({error})", "other data") from error
    meter = _decode_estimate("meter", fields.meter, Meter(), Meter.parse)
    plain = MusicalContext.plain(meter=meter.value, chords=fields.chords if isinstance(fields.chords, str) else "")
    return MusicalContext(
        tempo=_decode_estimate("tempo", fields.tempo, 120.0, _number),
        meter=meter,
        key=_decode_estimate("key", fields.key, None, lambda value: None if value is None else Key.parse(value)),
        chords=plain.chords
        if isinstance(fields.chords, str)
        else tuple(ChordSpan(span.start, span.end, Chord.parse(span.chord), span.confidence) for span in fields.chords),
        swing=_decode_estimate("swing", fields.swing, 1.0, _number),
        parts=tuple(_decode_part(part, meter.value) for part in fields.parts),
        groove=Estimate(None, 0.0, "guess")
        if fields.groove is None
        else Estimate(fields.groove.value, fields.groove.confidence, fields.groove.source),
        style=_decode_estimate("style", fields.style, None, _text_or_none),
        energy=_decode_estimate("energy", fields.energy, None, _number_or_none),
        sections=tuple(SectionSpan(*row) for row in fields.sections),
    )


def encode_note(note: Note) -> list[float]:
    """Return a note as [start, pitch, duration, velocity], plus the other fields only if they are not the defaults."""
    row = [note.start, note.pitch, note.duration, note.velocity]
    rest = [float(note.mute), note.probability, note.velocity_deviation, note.release_velocity]
    return row if rest == [0.0, 1.0, 0.0, 64.0] else row + rest


def decode_note(row: list[float]) -> Note:
    """Return the note of a row from `encode_note`.

    >>> decode_note([0.5, 36, 0.25, 100])
    Note(start=0.5, pitch=36, duration=0.25, velocity=100, mute=False, probability=1.0, velocity_deviation=0.0, \
release_velocity=64.0)
    """
    if len(row) not in (4, 8) or row[1] != int(row[1]):
        raise ParamError("note", "[start, whole pitch, duration, velocity] or those and four more", row)
    start, pitch, duration, velocity = row[:4]
    if len(row) == 4:
        return Note(start, int(pitch), duration, velocity)
    return Note(start, int(pitch), duration, velocity, bool(row[4]), *row[5:])


def _encode_estimate(estimate: Estimate[Any], value: float | str | None) -> dict[str, object]:
    return {"value": value, "confidence": estimate.confidence, "source": estimate.source}


def _decode_estimate(
    field: str, data: _EstimateData | float | str | None, default: Value, decode: Callable[[Any], Value]
) -> Estimate[Value]:
    if data is None:
        return Estimate(default, 0.0, "guess")
    estimate = data if isinstance(data, _EstimateData) else _EstimateData(data)
    try:
        return Estimate(decode(estimate.value), estimate.confidence, estimate.source)
    except (TypeError, AttributeError):
        bounds = "a number" if decode in (_number, _number_or_none) else "a text"
        raise ParamError(field, bounds, estimate.value) from None


def _number(value: Any) -> float:
    return float(value + 0)


def _number_or_none(value: Any) -> float | None:
    return None if value is None else _number(value)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str("" + value)


def _decode_part(data: _PartData, meter: Meter) -> Part:
    own = Meter.parse(data.meter) if data.meter else meter
    name = data.name if data.clip is None else data.clip
    return Part(data.role, data.name, Clip.of(name, data.length, map(decode_note, data.notes), own))
