"""A request with the notes of a MIDI clip as a hand has edited them: a new take, or the clip itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import floor, isfinite
from typing import Final

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.writer import THIS_OR_NEXT_EMPTY
from musearoo.bridge.protocol import (
    MOST_EDITED,
    ApiEdit,
    ClipState,
    CreateClip,
    Refusal,
    ReplaceNotes,
    SetLoop,
    Transaction,
)
from musearoo.bridge.protocol.codec import NoteRecord, decode_notes, encode_notes
from musearoo.bridge.protocol.types import Message, WireError
from musearoo.bridge.requests.composition import Composition, Recipe, TakePart
from musearoo.bridge.requests.generate import require_set
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.music.meter import Meter

MOST_BEATS: Final = 10_000.0
"""Where the last note may begin: an hour and a half at 120 BPM."""
SAME_BEAT: Final = 6
"""Decimals of a beat to which two notes begin at the same time: a fiftieth of a sample."""

BY_HAND: Final = Recipe(style="", seed=0, context=None)
"""What edited notes are made from: nothing but themselves."""


def compose_edit(mirror: SetMirror, request: ApiEdit, request_id: str, deadline: float) -> Composition:
    """Return the transaction that writes the notes, or none if they are there already. `deadline` is Unix time.

    A note that stays where it was keeps what a client does not see of it: its probability, its release, and whether it
    is silent. A new note after the clip's end lengthens it by whole bars. Raises RequestError if it cannot be done.
    """
    require_set(mirror)
    state = mirror.clips.get(request.clip)
    track = mirror.tracks.get(state.track) if state is not None else None
    if state is None or track is None:
        raise RequestError(Refusal.GONE, "The clip is not in the set any more: nothing was written.")
    if state.is_audio or state.id not in mirror.notes:
        raise RequestError(Refusal.WRONG_TRACK, f"“{state.name}” is audio and has no notes: choose a MIDI clip.")
    before = decode_notes(mirror.notes[state.id])
    notes = _with_expression(_read_notes(request.notes), before)
    first, last = span_of(state)
    end = _end_of(notes, before, first, last, Meter(state.numerator, state.denominator).bar_beats)
    if not state.scene and (end > last or not request.replace):
        sentence = "A clip of the Arrangement can only be edited in place, at its length: ask for it to be replaced."
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    longer = replace(state, loop_end=end, end_marker=end, length=end - first) if end > last else state
    edits: list[Message] = []
    if not request.replace:
        inside = [note._replace(start=note.start - first) for note in notes if first <= note.start < end]
        edits.append(
            CreateClip(
                track=track.id,
                scene=state.scene,
                where=THIS_OR_NEXT_EMPTY,
                length=end - first,
                name=state.name,
                color=state.color,
                looping=state.looping,
                numerator=state.numerator,
                denominator=state.denominator,
                notes=encode_notes(inside),
            )
        )
    elif sorted(notes) != sorted(before):
        edits.append(ReplaceNotes(state.id, encode_notes(notes)))
        if end > last:
            edits.append(SetLoop(state.id, -1, first, end, min(state.start_marker, end)))
    name = state.name or track.name
    if not edits:
        return Composition((), f"{name} has these notes already")
    clip = mirror.sounding(longer, encode_notes(notes))
    role, _ = guess_role(f"{track.name} {state.name}", clip)
    messages = (Transaction(request_id, deadline), *edits)
    return Composition(messages, f"{name}, edited", parts=(TakePart(role, clip),), recipe=BY_HAND)


def span_of(state: ClipState) -> tuple[float, float]:
    """Return the first and the last beat of what plays of a clip."""
    return (state.loop_start, state.loop_end) if state.looping else (state.start_marker, state.end_marker)


def _read_notes(blob: bytes) -> tuple[NoteRecord, ...]:
    """Return the edited notes; raises RequestError for one that is out of bounds, by its number."""
    try:
        notes = decode_notes(blob)
    except WireError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"The notes cannot be read: {error}.") from error
    if len(notes) > MOST_EDITED:
        sentence = f"A clip may have up to {MOST_EDITED} edited notes, not {len(notes)}: split it into several."
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    seen: dict[tuple[int, float], int] = {}
    for number, note in enumerate(notes, 1):
        wrong = _find_fault(note)
        if wrong:
            raise RequestError(Refusal.BAD_PARAMETER, f"Note {number} {wrong}: nothing was written.")
        twin = seen.setdefault(_key_of(note), number)
        if twin != number:
            sentence = f"Notes {twin} and {number} are the same pitch at beat {note.start:g}: leave one of them."
            raise RequestError(Refusal.BAD_PARAMETER, sentence)
    return notes


def _find_fault(note: NoteRecord) -> str:
    """Return what is wrong with a note, "" for nothing."""
    if not 0 <= note.pitch <= 127:
        return f"has the pitch {note.pitch}, not 0 to 127"
    if not 1.0 <= note.velocity <= 127.0:
        return f"has the velocity {note.velocity:g}, not 1 to 127"
    if not (isfinite(note.start) and abs(note.start) <= MOST_BEATS):
        return f"begins at beat {note.start:g}, not within {MOST_BEATS:g} beats"
    if not (0.0 < note.duration <= MOST_BEATS):
        return f"lasts {note.duration:g} beats, not more than 0 and up to {MOST_BEATS:g}"
    return ""


def _with_expression(notes: Sequence[NoteRecord], before: Sequence[NoteRecord]) -> list[NoteRecord]:
    """Return the notes with all that those before them at the same place have besides what a client sees."""
    known = {_key_of(note): note for note in before}
    return [_joined(note, known.get(_key_of(note))) for note in notes]


def _joined(note: NoteRecord, old: NoteRecord | None) -> NoteRecord:
    if old is None:
        return note
    # Clients see velocities rounded.
    velocity = old.velocity if round(old.velocity) == round(note.velocity) else note.velocity
    return old._replace(velocity=velocity, duration=note.duration)


def _key_of(note: NoteRecord) -> tuple[int, float]:
    return note.pitch, round(note.start, SAME_BEAT)


def _end_of(notes: Sequence[NoteRecord], before: Sequence[NoteRecord], first: float, last: float, bar: float) -> float:
    """Return where the clip ends with these notes: where it did, or after the bar in which the last new one begins.

    Raises RequestError for a new note before the clip.
    """
    old = {_key_of(note) for note in before}
    new = [note.start for note in notes if _key_of(note) not in old]
    if new and min(new) < first:
        sentence = f"A note begins at beat {min(new):g}, before the clip, which begins at {first:g}: move it."
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    latest = max(new, default=first)
    return last if latest < last else first + bar * (floor((latest - first) / bar) + 1)
