"""The common result format of all compared analyzers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from musearoo.engines.music.knowledge.analysis import Analysis

Span = tuple[float, float, str]
"""Start, end, label; a chord's label is Harte's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An analyzer's result. None means "not supported": an analyzer is not measured on what it never reports."""

    tempo: float | None = None
    beats: tuple[float, ...] | None = None
    downbeats: tuple[float, ...] | None = None
    meter: str | None = None
    key: str | None = None
    chords: tuple[Span, ...] | None = None
    sections: tuple[Span, ...] | None = None
    swing: float | None = None
    microtiming_rms_ms: float | None = None
    drums: tuple[tuple[float, str], ...] | None = None
    style: str | None = None
    seconds: float = field(default=0.0, compare=False)
    """Wall-clock time after warm-up."""
    cpu_seconds: float = field(default=0.0, compare=False)
    """Processor time: less affected by other programs."""


def encode_answer(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON data.

    >>> decode_answer(encode_answer(Answer(tempo=90.0, beats=(0.5, 1.0)))) == Answer(tempo=90.0, beats=(0.5, 1.0))
    True
    """
    return {name: getattr(answer, name) for name in Answer.__slots__}


def decode_answer(data: dict[str, Any]) -> Answer:
    """Return the answer of a JSON object."""

    def rows(name: str) -> Any:
        value = data.get(name)
        return None if value is None else tuple(tuple(row) if isinstance(row, list) else row for row in value)

    lists = {name: rows(name) for name in ("beats", "downbeats", "chords", "sections", "drums")}
    return Answer(**{**data, **lists})


def answer_of(analysis: Analysis) -> Answer:
    """Return our own analysis as an answer."""
    rhythm, harmony, groove, character = analysis.rhythm, analysis.harmony, analysis.groove, analysis.character
    meter, key = rhythm.meter.value, harmony.key.value
    style = max(character.styles, key=lambda guess: guess.likelihood, default=None)
    return Answer(
        tempo=rhythm.tempo.value,
        beats=rhythm.beats,
        downbeats=rhythm.downbeats,
        meter=None if meter is None else str(meter),
        key=None if key is None else str(key),
        chords=tuple((c.start, c.end, "N" if c.chord is None else c.chord.harte) for c in harmony.chords),
        sections=tuple((section.start, section.end, section.label) for section in character.sections),
        swing=groove.swing.value,
        microtiming_rms_ms=groove.microtiming_rms_ms,
        drums=tuple((hit.time, hit.kind) for hit in analysis.hits),
        style=None if style is None else style.name,
    )
