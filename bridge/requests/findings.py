"""A request for an analysis, in two steps: find the clip, then put the findings into messages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from musearoo.bridge.live_set.analysis_writer import ClipInSet, RequestedEdits, analysis_transaction, clip_name
from musearoo.bridge.live_set.listening import Passage, passage_of
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Analyze, Heard, Refusal
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.generate import find_clip
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.styles.schema import Style

NO_NUMBER = 1
"""A placeholder until the session numbers the answer."""

DEPTHS = ("fast", "deep", "exact")
"""As `/roo/found` numbers them."""

SURE, LIKELY = 0.8, 0.5
"""The least confidences for stating a value plainly, and as probable."""


@dataclass(frozen=True, slots=True)
class Question:
    """The clip that a request asks about: its notes, or the passage of a file that it plays."""

    clip: ClipInSet
    name: str
    notes: Clip | None
    passage: Passage | None
    hints: Hints


def read_question(mirror: SetMirror, analyze: Analyze) -> Question:
    """Find the clip to analyse; raises RequestError if there is none, or it cannot be analysed."""
    song = mirror.song
    if song is None or not mirror.complete:
        raise RequestError(
            Refusal.NO_LIVE, "Live is still telling MuseAroo what is in the set: press again in a moment."
        )
    state = find_clip(mirror, analyze.track, analyze.scene)
    track = mirror.tracks.get(state.track)
    name = state.name or (track.name if track else "") or "the clip"
    hints = Hints(Estimate(song.tempo, 1.0, "set"), Estimate(Meter(song.numerator, song.denominator), 1.0, "set"))
    heard = ClipInSet(state, mirror.audio.get(state.id), mirror.audio_region(state.id), song.tempo)
    notes = mirror.midi_clip(state.id)
    passage = passage_of(mirror, state.id)
    if notes is None and passage is None:
        sentence = f"Live does not tell which file {name} plays, so it cannot be heard: consolidate it and press again."
        raise RequestError(Refusal.GONE, sentence)
    return Question(heard, name, notes, passage, hints)


def read_notes(question: Question, styles: Mapping[str, Style]) -> Analysis:
    """Return the analysis of a MIDI clip's notes."""
    return analyze_notes(question.notes or (), question.hints, styles)


def write_findings(
    question: Question, analyze: Analyze, analysis: Analysis, request_id: str, deadline: float
) -> tuple[Heard, tuple[Message, ...]]:
    """Return the device's report, still without number and time, and the transaction, empty if there is none requested.

    `deadline` is Unix time.
    """
    writing = analysis_transaction(analysis, question.clip, RequestedEdits.of(analyze), request_id, deadline)
    rhythm, key = analysis.rhythm, analysis.harmony.key
    meter = rhythm.meter.value
    sentence = describe_findings(question.name, analysis)
    if writing.left_out:
        sentence += f" Left out: {'; '.join(writing.left_out)}."
    found = Heard(
        number=NO_NUMBER,
        press=analyze.press,
        depth=DEPTHS.index(analysis.depth),
        milliseconds=0.0,
        tempo=rhythm.live_bpm or 0.0,
        tempo_confidence=rhythm.tempo.confidence,
        numerator=meter.numerator if meter else 0,
        denominator=meter.denominator if meter else 0,
        meter_confidence=rhythm.meter.confidence,
        key=str(key.value) if key.value else "",
        key_confidence=key.confidence,
        written=0,
        sentence=sentence,
    )
    return found, writing.messages


def describe_findings(name: str, analysis: Analysis) -> str:
    """Return the findings as a sentence for the status line, such as "Drums: 92 BPM, 4/4, probably A minor."."""
    rhythm, key = analysis.rhythm, analysis.harmony.key
    told = [
        format_value(f"{round(rhythm.live_bpm, 1):g} BPM", rhythm.tempo.confidence) if rhythm.live_bpm else "",
        format_value(str(rhythm.meter.value), rhythm.meter.confidence) if rhythm.meter.value else "",
        format_value(str(key.value), key.confidence) if key.value else "",
    ]
    return f"{name}: {', '.join(part for part in told if part) or 'neither tempo nor key can be told'}."


def describe_change(name: str, before: Analysis, after: Analysis) -> str:
    """Return the deep pass's differences from the fast pass as a sentence; "" if a musician would not care."""
    changes = [f"{new} (was {old})" for old, new in zip(_values(before), _values(after), strict=True) if old != new]
    return f"{name}, heard more closely: {', '.join(changes)}." if changes else ""


def _values(analysis: Analysis) -> Sequence[str]:
    rhythm, key = analysis.rhythm, analysis.harmony.key.value
    bpm = rhythm.live_bpm
    return (
        f"{bpm:.0f} BPM" if bpm else "no tempo",
        str(rhythm.meter.value) if rhythm.meter.value else "no time signature",
        clip_name(key, None) if key else "no key",
    )


def format_value(value: str, confidence: float) -> str:
    """Return a value with its confidence in words: "A minor", "probably A minor" or "perhaps A minor"."""
    if confidence >= SURE:
        return value
    return f"probably {value}" if confidence >= LIKELY else f"perhaps {value}"
