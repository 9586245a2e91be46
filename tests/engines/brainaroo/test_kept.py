"""Notes as they were read: tempo, key, chords, groove, form, style and mood of takes in every style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from engines.band.scene import play_scene
from engines.brainaroo.hints import Hints
from engines.brainaroo.merging import HeardClip, ScenePart, merge_context
from engines.brainaroo.note_tempo import find_note_tempo, retime
from engines.brainaroo.reading import analyze_notes, analyze_song
from engines.brainaroo.roles import guess_role
from engines.music.context import Found, MusicalContext
from engines.music.midi_file import decode_midi_file, encode_midi_file
from engines.params import EngineParams
from tests.engines.brainaroo.test_merging import AT_SET_TEMPO, SLOWED, hear_chords, hear_drums, keys_clip
from tests.engines.presets_on_disk import STYLES
from tests.kept import Outcome, check_kept

METERS = ("4/4", "4/4", "3/4", "6/8", "7/8")


def outcomes() -> Iterator[Outcome]:
    for number, style in enumerate(STYLES):
        preset = STYLES[style]
        meter = METERS[number % len(METERS)]
        params = EngineParams(style=preset, bars=(4, 8)[number % 2], complexity=(0.2, 0.5, 0.9)[number % 3])
        context = MusicalContext.plain(bpm=preset.tempo.usual, meter=meter)
        scene = play_scene(params, context, number + 1, ("drums", "bass", "harmony", "melody"))
        clips = [(take.role, take.clip) for take in scene.takes][number % 3 :]
        hints = Hints(tempo=Found(context.bpm, 1.0, "set"), meter=context.meter)
        for name, found in (
            ("clips", analyze_notes(clips, hints, STYLES)),
            ("file", analyze_song(decode_midi_file(encode_midi_file(dict(clips), context.bpm)), None, STYLES)),
        ):
            for field in fields(found):
                yield f"{style}, {name}, {field.name}", getattr(found, field.name)
        # A player without a click, a bit before the beat that nobody counts, in another tempo than the file says.
        strokes = [
            (0.11 + note.start * 0.61 + 0.004 * (note.pitch % 3), note.velocity)
            for _, clip in clips
            for note in clip.notes
        ]
        found_tempo = find_note_tempo(sorted(strokes))
        yield f"{style}, tempo", found_tempo
        if found_tempo is not None:
            yield f"{style}, retimed", [retime(clip, found_tempo, 0.61).notes for _, clip in clips]
        for name, clip in clips:
            yield f"{style}, {name}", (guess_role("", clip), guess_role(name, clip))
        heard = (
            ScenePart(
                "Break", HeardClip(hear_drums(1.0 + 0.05 * number, 100.0 + number, 0.1 * (number % 3)), SLOWED, 24.0)
            ),
            ScenePart("Pads", HeardClip(hear_chords("C", 0.4 + 0.02 * number, *_spans(number)), AT_SET_TEMPO, 16.0)),
            ScenePart("Keys", keys_clip("Am", "F", "C", "G7")),
        )
        for place in range(3):
            chosen = [*heard[place:], *(ScenePart(role, clip) for role, clip in clips[:place])]
            mixed = merge_context(chosen, hints if number % 2 else None, STYLES)
            for field in fields(mixed):
                yield f"{style}, heard {place}, {field.name}", getattr(mixed, field.name)
        merged = merge_context(
            [ScenePart(f"{role} {place}", clip) for place, (role, clip) in enumerate(clips)], hints, STYLES
        )
        for field in fields(merged):
            yield f"{style}, scene, {field.name}", getattr(merged, field.name)


def _spans(number: int) -> list[tuple[float, float, str]]:
    """Chords as they are heard: some short, one missing."""
    labels = ("Am", "Dm7", "", "G7", "C", "Fmaj7", "Bdim", "E7")
    ends = [0.6 * (step + 1) * (1.0 + 0.3 * (step % (2 + number % 3))) for step in range(len(labels))]
    starts = [0.0, *sorted(ends)[:-1]]
    return [(start, end, label) for start, end, label in zip(starts, sorted(ends), labels, strict=True) if end > start]


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
