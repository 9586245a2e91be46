"""What is found in many clips, as it was kept: each step by itself first, then whole analyses and scenes.

Chance makes the music, so that no value lies on a border of a decision. Words for users are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from msgspec import structs

from musearoo.engines.analysis.scene.clips import SceneClip
from musearoo.engines.analysis.scene.harmony import merge_chords, vote_for_key
from musearoo.engines.analysis.scene.merging import AnalyzedClip, ScenePart, merge_context
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes, analyze_song, name_parts
from musearoo.engines.analysis.symbolic.chords import match_chord, read_chords
from musearoo.engines.analysis.symbolic.form import find_sections, trace_energy
from musearoo.engines.analysis.symbolic.keys import find_key, find_keys
from musearoo.engines.analysis.symbolic.roles import guess_audio_role, guess_role, together_share
from musearoo.engines.analysis.symbolic.tempo import find_note_tempo, retime
from musearoo.engines.analysis.traits.complexity import measure_complexity, measure_harmony, measure_syncopation
from musearoo.engines.analysis.traits.drum_pattern import DrumPattern, find_pattern
from musearoo.engines.analysis.traits.mood import CUES, MoodCues, find_mood
from musearoo.engines.analysis.traits.style_likelihoods import (
    StyleFeatures,
    guess_styles,
    measure_cues,
    measure_none_cues,
    score_none,
    share_sevenths,
)
from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, Harmony, Mood, Rhythm
from musearoo.engines.music.knowledge.context import Part, Role
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.song import MidiSong
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.tempo_map import TempoMap
from tests.engines.analysis.some_clips import (
    KEYS,
    METERS,
    ROLES,
    SYMBOLS,
    any_of,
    some_clip,
    some_clips,
    some_hearing,
)
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome, check_snapshots

SOME_STYLES = {name: STYLES[name] for name in ("rock", "blues", "house", "deep house", "funk", "jazz swing", "trap")}


def outcomes() -> Iterator[Outcome]:
    for case, count, times in CASES:
        for number in range(count):
            if (case, number) in TIES:
                continue
            chance = stream(number, "kept", case.__name__)
            yield f"{case.__name__[1:]} {number}", [case(chance) for _ in range(times)]


def _maybe(chance: Random, value: float) -> float | None:
    return None if chance.random() < 0.25 else value


def _some_pattern(chance: Random) -> DrumPattern:
    rows = [tuple(any_of(chance, (0.0, 0.0, 1.0, chance.random())) for _ in range(16)) for _ in range(3)]
    return DrumPattern(rows[0], rows[1], rows[2], 1.0 + int(7 * chance.random()), _maybe(chance, 0.8 + chance.random()))


def _styles(chance: Random) -> object:
    features = StyleFeatures(
        _maybe(chance, 50.0 + 150.0 * chance.random()),
        _maybe(chance, 0.9 + 1.3 * chance.random()),
        any_of(chance, (None, _some_pattern(chance), _some_pattern(chance))),
        _maybe(chance, chance.random()),
    )
    cues = [measure_cues(features, style) for style in SOME_STYLES.values()]
    return (
        features.is_nothing,
        cues,
        measure_none_cues(features),
        score_none(features),
        guess_styles(features, SOME_STYLES),
    )


def _pattern(chance: Random) -> object:
    beats = [0.5 * beat + 0.01 * bell(chance) for beat in range(int(24 * chance.random()))]
    bar = any_of(chance, (4, 4, 4, 3))
    downbeats = beats[any_of(chance, (0, 0, 1)) :: bar] + any_of(chance, ([], [0.123]))
    often = any_of(chance, (0.1, 0.3, 0.5))
    late, ratio = any_of(chance, (0.0, -0.03, 0.08)), any_of(chance, (None, 1.1, 1.7, 2.0, 4.0))
    strokes = [
        (
            0.125 * (step + 0.3 * bell(chance) * often) + (late if step % 2 else 0.0),
            any_of(chance, DRUM_KINDS),
            1.0 + 126.0 * chance.random(),
        )
        for step in range(-2, int(100 * chance.random()))
        for _ in range(3)
        if chance.random() < often
    ]
    return find_pattern(strokes, beats, downbeats, ratio)


def _mood(chance: Random) -> object:
    ranges = ((-1.0, 1.0), (40.0, 200.0), (0.0, 1.0), (0.0, 12.0), (0.0, 1.0), (0.0, 0.6), (40.0, 80.0))
    return _without_words(
        find_mood(MoodCues(*(_maybe(chance, low + (high - low) * chance.random()) for low, high in ranges)))
    )


def _without_words(mood: Mood | None) -> object:
    """A mood by its numbers, and by which cues it is explained."""
    if mood is None:
        return None
    sides = {word: (number, side) for number, cue in enumerate(CUES) for side, word in enumerate((cue.low, cue.high))}
    return mood.valence, mood.arousal, mood.confidence, [sides[word] for word in mood.because]


def _some_rhythm(chance: Random) -> Rhythm:
    beats = tuple(0.5 * beat + 0.01 * bell(chance) for beat in range(any_of(chance, (0, 2, 3, 12, 24, 24))))
    return Rhythm(Estimate(120.0, 1.0, "clip"), beats, beats[any_of(chance, (0, 1)) :: any_of(chance, (3, 4, 99))])


def _some_chords(chance: Random) -> tuple[DetectedChord, ...]:
    at, spans = 0.0, []
    for _ in range(int(7 * chance.random())):
        end = at + any_of(chance, (0.5, 1.0, 2.0, 2.0, 3.7))
        chord = None if chance.random() < 0.2 else Chord.parse(any_of(chance, SYMBOLS[:8]))
        spans.append(DetectedChord(at, end, chord, chance.random()))
        at = end
    return tuple(spans)


def _complexity(chance: Random) -> object:
    rhythm, chords = _some_rhythm(chance), _some_chords(chance)
    often = any_of(chance, (0.0, 0.1, 0.4, 0.8))
    onsets = [0.125 * step + 0.03 * bell(chance) + 0.06 for step in range(-1, 104) if chance.random() < often]
    onsets.sort()
    whole = measure_complexity(onsets, rhythm, chords, any_of(chance, (0.0, 4.0, 13.0)))
    return whole, measure_syncopation(onsets, rhythm), measure_harmony(chords, rhythm), share_sevenths(chords)


def _chord(chance: Random) -> object:
    often = any_of(chance, (0.1, 0.3, 0.5))
    weights = [any_of(chance, (1.0, chance.random())) if chance.random() < often else 0.0 for _ in range(12)]
    return match_chord(weights, any_of(chance, (None, int(12 * chance.random()))))


def _chords(chance: Random) -> object:
    meter, bars = any_of(chance, (*METERS, Meter(5, 16), Meter(9, 16))), any_of(chance, (1, 2, 4))
    progression = [any_of(chance, SYMBOLS) for _ in range(4)]

    def clip(*roles: str) -> object:
        return some_clip(chance, any_of(chance, roles), meter, any_of(chance, (bars, bars, 1)), progression)

    clips = [clip("harmony", "harmony", "noise", "melody") for _ in range(any_of(chance, (1, 1, 2)))]
    bass = any_of(chance, (None, clip("bass", "bass", "empty")))
    melodies = any_of(chance, ((), (clip("melody"),)))
    return read_chords(clips[0] if len(clips) == 1 else clips, bass, melodies)  # type: ignore[arg-type]


def _key(chance: Random) -> object:
    meter, bars = any_of(chance, METERS), any_of(chance, (2, 4, 8))
    home = any_of(chance, (SYMBOLS[:6], SYMBOLS[6:13], SYMBOLS))
    progression = [any_of(chance, home) for _ in range(bars)]
    clip = some_clip(chance, any_of(chance, ("melody", "harmony", "bass", "noise")), meter, bars, progression)
    chords = [
        ChordSpan(meter.bar_beats * bar, meter.bar_beats * bar + any_of(chance, (1.0, 2.0)), Chord.parse(each))
        for bar, each in enumerate(progression)
        if chance.random() < 0.9
    ]
    found = find_key(clip.notes, any_of(chance, ((), chords)))
    whole = any_of(chance, (found[0] if found else None, *KEYS))
    return found, find_keys(clip.notes, clip.length, meter.bar_beats, whole)


def _form(chance: Random) -> object:
    bars, meter = any_of(chance, (1, 7, 8, 11, 15, 16, 18, 23, 32, 64)), any_of(chance, METERS)
    progressions = [[any_of(chance, SYMBOLS) for _ in range(4)] for _ in range(2)]
    pairs = []
    for _ in range(any_of(chance, (1, 2))):
        role = any_of(chance, ("harmony", "drums", "melody"))
        halves = [some_clip(chance, role, meter, 4, progression) for progression in progressions]
        notes = [
            structs.replace(note, start=note.start + 4.0 * meter.bar_beats * phrase)
            for phrase in range(-(-bars // 4))
            for note in any_of(chance, halves).notes
        ]
        length = bars * meter.bar_beats
        pairs.append((role, halves[0].repeated(length).with_notes(n for n in notes if n.start < length)))
    parts = name_parts(pairs)
    length = max(part.clip.length for part in parts) - any_of(chance, (0.0, 0.0, 1.0))
    step, beat = any_of(chance, (1.0, 0.5)), 0.3 + chance.random()
    return find_sections(parts, length, meter.bar_beats), trace_energy(parts, length, step, beat)


def _note_tempo(chance: Random) -> object:
    clip = some_clip(chance, any_of(chance, ROLES[:6]), METERS[0], any_of(chance, (1, 4)), SYMBOLS[:4])
    late, beat = any_of(chance, (0.0, 0.01, 0.2, 0.4)), 0.25 + 0.8 * chance.random()
    found = find_note_tempo([(late + note.start * beat, note.velocity) for note in clip.notes])
    if found is None:
        return None
    places = [found.position(4.0 * chance.random() - 0.2) for _ in range(4)]
    return found, found.clock, places, retime(clip, found, any_of(chance, (beat, 0.5)))


def _role(chance: Random) -> object:
    clip = some_clip(chance, any_of(chance, ROLES), METERS[0], any_of(chance, (1, 2)), SYMBOLS[:8])
    shifted = clip.with_notes(
        structs.replace(note, pitch=max(0, note.pitch - any_of(chance, (0, 0, 12)))) for note in clip.notes
    )
    name = any_of(chance, ("MIDI 1", "MIDI 1", "Sub Bass", "Lead", "E-Piano", "textures", "kick & snare"))
    return guess_role(name, shifted), together_share(shifted), guess_audio_role(name, some_hearing(chance))


def _some_hints(chance: Random) -> Hints:
    hints = Hints()
    if chance.random() < 0.7:
        hints = replace(hints, tempo=Estimate(50.0 + 120.0 * chance.random(), 1.0, "set"))
    if chance.random() < 0.3:
        hints = replace(hints, meter=Estimate(any_of(chance, METERS), any_of(chance, (0.0, 0.7)), "set"))
    if chance.random() < 0.2:
        hints = replace(hints, key=Estimate(any_of(chance, KEYS), 0.9, "user"))
    if chance.random() < 0.1:
        hints = replace(hints, chords=(ChordSpan(1.0, 3.0, Chord.parse("Dm7"), 0.8),))
    if chance.random() < 0.1:
        hints = replace(hints, swing=Estimate(1.3, 0.9, "user"))
    return hints


def _plain(analysis: Analysis) -> object:
    """An analysis without words."""
    return replace(analysis, character=replace(analysis.character, mood=None)), _without_words(analysis.character.mood)


def _notes(chance: Random) -> object:
    return _plain(analyze_notes(some_clips(chance), _some_hints(chance), any_of(chance, (None, SOME_STYLES))))


def _song(chance: Random) -> object:
    pairs = some_clips(chance)
    later = any_of(chance, ([], [(3.0, 90.0)], [(4.0, 60.0 + 90.0 * chance.random()), (40.0, 140.0)]))
    changes = [(0.0, 120.0), *later]
    meters = [
        (0.0, any_of(chance, METERS)),
        *any_of(chance, ([], [(8.0, Meter(3, 4))], [(4.5, Meter(6, 8)), (12.0, Meter())])),
    ]
    parts = {f"{name} {number}": clip for number, (name, clip) in enumerate(pairs)}
    channel_10 = frozenset(name for name in parts if chance.random() < 0.2)
    song = MidiSong(TempoMap(tuple(changes)), tuple(meters), parts, channel_10, chance.random() < 0.5)
    return _plain(analyze_song(song, any_of(chance, (None, _some_hints(chance))), any_of(chance, (None, SOME_STYLES))))


def _scene(chance: Random) -> object:
    parts = []
    for number in range(1 + int(4 * chance.random())):
        role = any_of(chance, (None, None, None, "drums", "unknown", "harmony"))
        if chance.random() < 0.4:
            parts += [ScenePart(name, clip, role) for name, clip in some_clips(chance, 1)]  # type: ignore[arg-type]
            continue
        hearing = some_hearing(chance)
        beat, late = 0.3 + 0.5 * chance.random(), any_of(chance, (0.0, 0.4))
        points = any_of(chance, ((), ((late, 0.0), (late + beat, 1.0)), ((late, 0.5), (late + beat, 2.0), (9.0, 17.5))))
        heard = AnalyzedClip(hearing, points, any_of(chance, (4.0, 8.0, 16.0, 31.0)))
        parts.append(ScenePart(f"{any_of(chance, ('Audio', 'Audio', 'Bass', 'Break'))} {number}", heard, role))  # type: ignore[arg-type]
    return merge_context(parts, any_of(chance, (None, _some_hints(chance))), any_of(chance, (None, SOME_STYLES)))


def _drums(chance: Random) -> object:
    """Which style drums of notes are in, in meters whose beats are quarters and others."""
    meter = any_of(chance, tuple(map(Meter.parse, ("4/4", "12/8", "12/8", "2/2", "4/8"))))
    clip = some_clip(chance, "drums", meter, any_of(chance, (1, 2, 4)), ())
    tempo = Estimate(60.0 + 120.0 * chance.random(), 1.0, "set")
    hints = Hints(tempo=tempo, meter=Estimate(meter, 1.0, "set"))
    context = merge_context([ScenePart("Drums", clip)], hints, SOME_STYLES)
    return context.style, context.groove.confidence, context.swing


PADS: tuple[Role, ...] = ("harmony", "harmony", "unknown", "drums")


def _heard_chords(chance: Random) -> object:
    """Chords and keys of audio parts, some over a bass of notes."""
    meter, length = any_of(chance, METERS), any_of(chance, (4.0, 8.0, 13.0))
    heard = []
    for number in range(any_of(chance, (1, 1, 2, 3))):
        at, spans = any_of(chance, (0.0, -1.0, 0.2)), []
        while at < length + 2.0:
            end = at + any_of(chance, (0.3, 1.0, 1.5, 2.0, 4.0)) + 0.1 * bell(chance)
            chord = None if chance.random() < 0.1 else Chord.parse(any_of(chance, SYMBOLS[:4]))
            spans.append(DetectedChord(at, end, chord, chance.random()))
            at = max(at + 0.1, end)
        key = Estimate(any_of(chance, (None, *KEYS)), chance.random(), "clip")
        analysis = Analysis(length, "fast", Rhythm(UNKNOWN), Harmony(key, (), tuple(spans), chance.random()))
        role: Role = any_of(chance, PADS)
        heard.append(SceneClip(role, f"{number}", analysis, ((0.0, 0.0), (1.0, 1.0)), length, True))
    notes = [
        Note(at + any_of(chance, (0.0, 0.0, -0.2, 0.2)), 40 + int(12 * chance.random()), 1.0, 90.0)
        for at in range(1, int(length))
    ]
    bass = Part("bass", "b", Clip.of("b", length, [note for note in notes if chance.random() < 0.7], meter))
    tune = Part("melody", "m", some_clip(chance, "melody", meter, 2, SYMBOLS[:4]))
    written = any_of(chance, ([], [bass], [bass], [tune, bass], [tune]))
    chords = merge_chords(written, heard, meter)
    return chords, vote_for_key(written, heard, chords)


CASES = (
    (_styles, 20, 2),
    (_pattern, 20, 6),
    (_mood, 10, 6),
    (_complexity, 20, 3),
    (_chord, 10, 12),
    (_chords, 30, 1),
    (_key, 20, 2),
    (_form, 20, 2),
    (_note_tempo, 20, 2),
    (_role, 10, 6),
    (_notes, 50, 1),
    (_song, 16, 1),
    (_drums, 10, 3),
    (_heard_chords, 25, 3),
    (_scene, 60, 1),
)
"""What makes a case, how many lines of it there are, and how many cases stand in a line."""
TIES = ((_notes, 42),)
"""A diminished seventh whose roots fit equally: Python 3.12 adds up more exactly than 3.11, and takes another."""


def test_what_is_found_is_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
