"""A small set composed by our own engines, for a machine without rendered sets; easier than recorded music."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.audio.synthesis.stem import RATE, Samples
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.timing import seconds_per_beat
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.corpora.chords import voicing
from musearoo.tools.bench.corpora.piece import Part, Piece, Stroke, Tone, cut
from musearoo.tools.bench.corpora.truth import truth_of
from musearoo.tools.studio.synthesiser import Sounding, render_notes, write_wave


class ExcerptSpec(NamedTuple):
    """The specification of an excerpt: kind, style, tempo, key, chords, bars, and whether it has only drums."""

    kind: str
    style: str
    bpm: float
    key: str
    chords: str
    bars: int
    only_drums: bool = False
    loop: bool = False


EXCERPT_SPECS: Final = (
    ExcerptSpec("pop", "disco", 110.0, "G major", "G D Em C", 16),
    ExcerptSpec("pop", "rock", 128.0, "A minor", "Am F C G", 18),
    ExcerptSpec("pop", "funk", 96.0, "D minor", "Dm7 G7 Dm7 A7", 4),
    ExcerptSpec("pop", "house", 124.0, "F minor", "Fm7 Dbmaj7 Abmaj7 Eb7", 5),
    ExcerptSpec("drums", "funk", 100.0, "C major", "C", 8, only_drums=True),
    ExcerptSpec("drums", "jazz_swing", 150.0, "C major", "C", 12, only_drums=True),
    ExcerptSpec("drums", "rock", 140.0, "C major", "C", 10, only_drums=True),
    ExcerptSpec("loops", "funk", 92.0, "E minor", "Em7 A7", 2, loop=True),
    ExcerptSpec("loops", "house", 126.0, "C minor", "Cm", 1, only_drums=True, loop=True),
    ExcerptSpec("loops", "rock", 170.0, "D major", "D A Bm G", 4, loop=True),
)
_LEAD_IN: Final = 0.37
"""Seconds of music before the first beat of excerpts that are no loops."""


def write_small_set(folder: Path) -> Path:
    """Write the set to `folder/KIND/NAME.wav` with its ground truth, and return the folder."""
    styles = read_styles(home_folder() / "styles")
    for number, spec in enumerate(EXCERPT_SPECS, start=1):
        piece = compose(spec, styles, number)
        target = folder / spec.kind / f"{piece.name}.wav"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_wave(target, synthesise(piece))
        target.with_suffix(".json").write_text(json.dumps(truth_of(piece)), encoding="utf-8")
    return folder


def synthesise(piece: Piece) -> Samples:
    """Return the piece's sound, float32 (2, samples) at the synthesiser's rate, exactly as long as the piece."""
    drums = [Sounding("drums", stroke.time, 0.1, stroke.pitch, stroke.velocity) for stroke in piece.strokes]
    tones = [Sounding(tone.part, tone.start, tone.end - tone.start, tone.pitch, tone.velocity) for tone in piece.tones]
    sound = render_notes([*drums, *tones], piece.duration, loop=piece.loop_bars is not None)
    return sound[:, : round(piece.duration * RATE)]


def compose(spec: ExcerptSpec, styles: dict[str, Style], seed: int) -> Piece:
    """Compose a piece with DrummaRoo, BassaRoo and a keyboard player."""
    style = find_style(spec.style, styles)
    context = MusicalContext.plain(bpm=spec.bpm, key=spec.key, chords=spec.chords)
    clips = {name: _generate(name, style, spec, context, seed) for name in ("drummaroo", "bassaroo")}
    beat = seconds_per_beat(spec.bpm)
    length = spec.bars * 4
    beats = tuple(number * beat for number in range(length))
    chords = [span.chord for span in parse_progression(spec.chords)]
    bar_chords = [chords[bar % len(chords)] for bar in range(spec.bars)]
    tones = [
        Tone(note.start * beat, note.end * beat, note.pitch, round(note.velocity), "bass")
        for note in clips["bassaroo"].notes
    ]
    tones += [
        Tone(4 * bar * beat, (4 * bar + 3.8) * beat, pitch, 70, "keys")
        for bar, chord in enumerate(bar_chords)
        for pitch in voicing(chord)
    ]
    whole = Piece(
        name=f"{spec.kind}{seed:02d}_{style.name}",
        song=f"engines/{seed}",
        duration=length * beat,
        beats=beats,
        downbeats=beats[::4],
        meter="4/4",
        tones=() if spec.only_drums else tuple(tones),
        strokes=tuple(Stroke(note.start * beat, note.pitch, round(note.velocity)) for note in clips["drummaroo"].notes),
        parts=(Part("bass", 33), Part("keys", 4)),
        chords=None
        if spec.only_drums
        else tuple((4 * n * beat, 4 * (n + 1) * beat, chord.harte) for n, chord in enumerate(bar_chords)),
        keys=None if spec.only_drums else ((0.0, length * beat, spec.key),),
        style=style.name,
        loop_bars=spec.bars if spec.loop else None,
    )
    return whole if spec.loop else cut(whole, -_LEAD_IN, whole.duration, whole.name)


def _generate(name: str, style: Style, spec: ExcerptSpec, context: MusicalContext, seed: int) -> Clip:
    engine = find_engine(name)
    return engine.generate(engine.params(style=style, bars=spec.bars), context, seed)
