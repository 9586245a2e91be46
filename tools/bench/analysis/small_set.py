"""A small set of our own engines' music, for a machine that has no rendered sets: easier than people's music."""

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


class Wish(NamedTuple):
    """An excerpt of the small set: its kind, style, tempo, key and chords, its bars, and whether it is drums alone."""

    kind: str
    style: str
    bpm: float
    key: str
    chords: str
    bars: int
    only_drums: bool = False
    loop: bool = False


WISHES: Final = (
    Wish("pop", "disco", 110.0, "G major", "G D Em C", 16),
    Wish("pop", "rock", 128.0, "A minor", "Am F C G", 18),
    Wish("pop", "funk", 96.0, "D minor", "Dm7 G7 Dm7 A7", 4),
    Wish("pop", "house", 124.0, "F minor", "Fm7 Dbmaj7 Abmaj7 Eb7", 5),
    Wish("drums", "funk", 100.0, "C major", "C", 8, only_drums=True),
    Wish("drums", "jazz_swing", 150.0, "C major", "C", 12, only_drums=True),
    Wish("drums", "rock", 140.0, "C major", "C", 10, only_drums=True),
    Wish("loops", "funk", 92.0, "E minor", "Em7 A7", 2, loop=True),
    Wish("loops", "house", 126.0, "C minor", "Cm", 1, only_drums=True, loop=True),
    Wish("loops", "rock", 170.0, "D major", "D A Bm G", 4, loop=True),
)
_LEAD_IN: Final = 0.37
"""Seconds by which excerpts that are no loops begin before their first beat."""


def write_small_set(folder: Path) -> Path:
    """Writes the set to `folder/KIND/NAME.wav` with its truth beside it, and returns the folder."""
    styles = read_styles(home_folder() / "styles")
    for number, wish in enumerate(WISHES, start=1):
        piece = compose(wish, styles, number)
        target = folder / wish.kind / f"{piece.name}.wav"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_wave(target, synthesise(piece))
        target.with_suffix(".json").write_text(json.dumps(truth_of(piece)), encoding="utf-8")
    return folder


def synthesise(piece: Piece) -> Samples:
    """The piece's sound, float32 (2, samples) at the synthesiser's rate, exactly as long as the piece."""
    drums = [Sounding("drums", stroke.time, 0.1, stroke.pitch, stroke.velocity) for stroke in piece.strokes]
    tones = [Sounding(tone.part, tone.start, tone.end - tone.start, tone.pitch, tone.velocity) for tone in piece.tones]
    sound = render_notes([*drums, *tones], piece.duration, loop=piece.loop_bars is not None)
    return sound[:, : round(piece.duration * RATE)]


def compose(wish: Wish, styles: dict[str, Style], seed: int) -> Piece:
    """What DrummaRoo, BassaRoo and a keyboard player make of a wish."""
    style = find_style(wish.style, styles)
    context = MusicalContext.plain(bpm=wish.bpm, key=wish.key, chords=wish.chords)
    clips = {name: _generate(name, style, wish, context, seed) for name in ("drummaroo", "bassaroo")}
    beat = seconds_per_beat(wish.bpm)
    length = wish.bars * 4
    beats = tuple(number * beat for number in range(length))
    chords = [span.chord for span in parse_progression(wish.chords)]
    bar_chords = [chords[bar % len(chords)] for bar in range(wish.bars)]
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
        name=f"{wish.kind}{seed:02d}_{style.name}",
        song=f"engines/{seed}",
        duration=length * beat,
        beats=beats,
        downbeats=beats[::4],
        meter="4/4",
        tones=() if wish.only_drums else tuple(tones),
        strokes=tuple(Stroke(note.start * beat, note.pitch, round(note.velocity)) for note in clips["drummaroo"].notes),
        parts=(Part("bass", 33), Part("keys", 4)),
        chords=None
        if wish.only_drums
        else tuple((4 * n * beat, 4 * (n + 1) * beat, chord.harte) for n, chord in enumerate(bar_chords)),
        keys=None if wish.only_drums else ((0.0, length * beat, wish.key),),
        style=style.name,
        loop_bars=wish.bars if wish.loop else None,
    )
    return whole if wish.loop else cut(whole, -_LEAD_IN, whole.duration, whole.name)


def _generate(name: str, style: Style, wish: Wish, context: MusicalContext, seed: int) -> Clip:
    engine = find_engine(name)
    return engine.generate(engine.params(style=style, bars=wish.bars), context, seed)
