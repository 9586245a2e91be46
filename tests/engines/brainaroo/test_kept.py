"""Notes as they were read: tempo, key, chords, groove, form, style and mood of takes in every style."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dataclasses import fields

from engines.band.scene import play_scene
from engines.brainaroo.hints import Hints
from engines.brainaroo.merging import ScenePart, merge_context
from engines.brainaroo.reading import analyze_notes, analyze_song
from engines.brainaroo.roles import guess_role
from engines.music.context import Found, MusicalContext
from engines.music.midi_file import decode_midi_file, encode_midi_file
from engines.params import EngineParams
from tests.engines.presets_on_disk import STYLES
from tests.kept import Outcome, check_kept

METERS = ("4/4", "4/4", "3/4", "6/8", "7/8")


def outcomes() -> Iterator[Outcome]:
    for number, style in enumerate(STYLES):
        preset = STYLES[style]
        meter = METERS[number % len(METERS)]
        params = EngineParams(style=preset, bars=(4, 8)[number % 2], complexity=(0.2, 0.5, 0.9)[number % 3])
        context = MusicalContext.plain(bpm=preset.tempo.usual, meter=meter)
        scene = play_scene(params, context, number, ("drums", "bass", "harmony", "melody"))
        clips = [(take.role, take.clip) for take in scene.takes][number % 3 :]
        hints = Hints(tempo=Found(context.bpm, 1.0, "set"), meter=context.meter)
        for name, found in (
            ("clips", analyze_notes(clips, hints, STYLES)),
            ("file", analyze_song(decode_midi_file(encode_midi_file(dict(clips), context.bpm)), None, STYLES)),
        ):
            for field in fields(found):
                yield f"{style}, {name}, {field.name}", getattr(found, field.name)
        for name, clip in clips:
            yield f"{style}, {name}", (guess_role("", clip), guess_role(name, clip))
        merged = merge_context([ScenePart(f"{role} {place}", clip) for place, (role, clip) in enumerate(clips)], hints, STYLES)
        for field in fields(merged):
            yield f"{style}, scene, {field.name}", getattr(merged, field.name)


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
