"""What is in one clip of a set, for clients: its notes, or its file, and what is known of its music. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from musearoo.bridge.api.sets.notes import note_rows
from musearoo.bridge.api.types.clips import ChordRow, ClipDetail
from musearoo.bridge.live_set.listening import Passage, passage_of
from musearoo.bridge.live_set.mirror import SetMirror, pads_of
from musearoo.bridge.protocol import ClipState, Refusal
from musearoo.bridge.protocol.codec import decode_notes
from musearoo.bridge.requests.edit import span_of
from musearoo.bridge.requests.findings import LIKELY
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.styles.schema import Style

Recall = Callable[[Passage], Analysis | None]

USUAL_BPM: Final = 120.0


def find_clip_id(mirror: SetMirror, clip: int, slot: tuple[int, int]) -> int:
    """Return the id of a clip that is named by its id, or by the track and scene of its slot, counted from 1.

    Raises RequestError if it is not in the set.
    """
    if clip in mirror.clips:
        return clip
    if clip:
        raise RequestError(Refusal.GONE, "That clip is not in the set, or not any more.")
    track, scene = mirror.track_at(slot[0] - 1), mirror.scene_at(slot[1] - 1)
    found = mirror.clip_in_slot(track.id, scene.id) if track is not None and scene is not None else None
    if found is None:
        raise RequestError(Refusal.GONE, f"There is no clip in scene {slot[1]} of track {slot[0]}: choose another.")
    return found.id


def describe_clip(mirror: SetMirror, clip: int, styles: Mapping[str, Style], recall: Recall) -> ClipDetail:
    """Return what is in a clip that is in the set; its take is not known here."""
    state = mirror.clips[clip]
    audio, notes = mirror.audio.get(clip), mirror.notes.get(clip, b"")
    sounding = mirror.midi_clip(clip)
    is_drums = sounding is not None and _is_drums(mirror, state, sounding)
    chords: tuple[ChordRow, ...] = ()
    beats: tuple[float, ...] = ()
    if sounding is not None and sounding.notes and not is_drums:
        chords = _chords_of_notes(mirror, state, sounding, styles)
    passage, region = passage_of(mirror, clip), mirror.audio_region(clip)
    analysis = recall(passage) if passage is not None else None
    if analysis is not None and region is not None:
        chords = _chords(analysis, region.beats_at)
        beats = tuple(round(region.start + beat, 4) for beat in analysis.rhythm.beats)
    return ClipDetail(
        id=clip,
        kind="audio" if state.is_audio else "midi",
        name=state.name,
        length=state.length,
        looping=bool(state.looping),
        loop_start=state.loop_start,
        loop_end=state.loop_end,
        start_marker=state.start_marker,
        end_marker=state.end_marker,
        time_signature=f"{state.numerator}/{state.denominator}",
        is_drums=is_drums,
        notes=note_rows(notes),
        muted=_muted(notes),
        chords=chords,
        file="" if audio is None else audio.file_path.replace("\\", "/").rpartition("/")[2],
        seconds=None if audio is None or not audio.sample_rate else audio.sample_length / audio.sample_rate,
        warped=audio is not None and bool(audio.warping),
        warp=tuple((marker.seconds, marker.beats) for marker in mirror.warp.get(clip, ())),
        beats=beats,
    )


def path_of_clip(mirror: SetMirror, clip: int) -> str:
    """Return the path of an audio clip's file; raises RequestError for a clip of notes, or where Live knows no file."""
    audio, state = mirror.audio.get(clip), mirror.clips[clip]
    if audio is None or not audio.file_path:
        why = "Live does not tell its file" if state.is_audio else "it has notes and no sound: draw its notes"
        raise RequestError(Refusal.WRONG_TRACK, f"“{state.name}” has no waveform: {why}.")
    return audio.file_path


def _is_drums(mirror: SetMirror, state: ClipState, sounding: Clip) -> bool:
    """Whether a MIDI clip is drums: its track has a drum rack, or its name or its notes say so."""
    track = mirror.tracks[state.track]
    is_rack = bool(pads_of(mirror.instruments.get(track.id)))
    return is_rack or guess_role(f"{track.name} {state.name}", sounding)[0] == "drums"


def _muted(notes: bytes) -> tuple[int, ...]:
    """Return the places of silent notes among the rows of a blob."""
    order = sorted(decode_notes(notes), key=lambda note: (note.start, note.pitch, note.duration))
    return tuple(place for place, note in enumerate(order) if note.mute)


def _chords_of_notes(
    mirror: SetMirror, state: ClipState, sounding: Clip, styles: Mapping[str, Style]
) -> tuple[ChordRow, ...]:
    song = mirror.song
    bpm = song.tempo if song is not None else USUAL_BPM
    meter = Meter(state.numerator, state.denominator)
    hints = Hints(Estimate(bpm, 1.0, "set"), Estimate(meter, 1.0, "set"))
    first, _ = span_of(state)
    return _chords(analyze_notes(sounding, hints, styles), lambda seconds: first + seconds * bpm / 60.0)


def _chords(analysis: Analysis, beat_at: Callable[[float], float | None]) -> tuple[ChordRow, ...]:
    """Return the chords of an analysis that are at least likely; each once where it is found several times in a row."""
    harmony = analysis.harmony
    if harmony.chords_confidence < LIKELY:
        return ()
    spans: Sequence[tuple[float, str]] = [
        (span.start, symbol) for span, symbol in zip(harmony.chords, harmony.symbols, strict=True)
    ]
    rows: list[ChordRow] = []
    for start, symbol in spans:
        beat = beat_at(start)
        if beat is not None and (not rows or rows[-1][1] != symbol):
            rows.append((round(beat, 4), symbol))
    return tuple(rows)
