"""One context of MIDI and heard audio: each says what it knows best, and hints stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from musearoo.engines.analysis.scene.merging import AnalyzedClip, ScenePart, merge_context
from musearoo.engines.analysis.symbolic.roles import guess_audio_role
from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import DrumKind
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    Character,
    DetectedChord,
    DrumOnset,
    EnergyCurve,
    Harmony,
    Onset,
    Rhythm,
    Section,
    StyleGuess,
)
from musearoo.engines.music.knowledge.context import MusicalContext, SectionSpan
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.band.catalogue import find_engine
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

SET = Hints(tempo=Estimate(100.0, 1.0, "set"), meter=Estimate(Meter(), 1.0, "set"))
AT_SET_TEMPO = ((0.0, 0.0), (0.6, 1.0))
"""A clip that Live plays as it is: 0.6 s a beat at 100 BPM."""
SLOWED = ((0.25, 0.0), (0.75, 1.0))
"""A clip recorded at 120 BPM after a quarter of a second of silence, warped to the set."""


def steady(bpm: float, beats: int, first: float = 0.0) -> Rhythm:
    times = tuple(first + beat * 60.0 / bpm for beat in range(beats))
    return Rhythm(Estimate(bpm, 0.9, "clip"), times, times[::4], Estimate(Meter(), 0.8, "clip"))


def hear_drums(swing: float = 1.0, bpm: float = 100.0, first: float = 0.0, style: str = "rock") -> Analysis:
    """Eight bars of hats on all eighths, kick on one and three, snare on two and four."""
    pattern: tuple[tuple[DrumKind, float, float], ...] = (
        *(("hat", step / 2.0, 70.0) for step in range(8)),
        ("kick", 0.0, 110.0),
        ("kick", 2.0, 100.0),
        ("snare", 1.0, 105.0),
        ("snare", 3.0, 105.0),
    )
    warp = Swing(swing)
    hits = sorted(
        (
            DrumOnset(first + warp.warp(bar * 4.0 + at) * 60.0 / bpm, kind, velocity, 0.9)
            for bar in range(8)
            for kind, at, velocity in pattern
        ),
        key=lambda hit: hit.time,
    )
    return Analysis(
        duration=first + 32 * 60.0 / bpm,
        depth="fast",
        rhythm=steady(bpm, 32, first),
        onsets=tuple(Onset(hit.time, 1.0) for hit in hits),
        hits=tuple(hits),
        character=Character(
            energy=EnergyCurve(0.5, (0.5,), 0.5, 0.0, 0.9),
            styles=(StyleGuess(style, 0.7), StyleGuess("house", 0.3)),
        ),
    )


def hear_chords(key: str, confidence: float, *spans: tuple[float, float, str], sure: float = 0.8) -> Analysis:
    chords = tuple(
        DetectedChord(start, end, Chord.parse(label) if label else None, sure) for start, end, label in spans
    )
    return Analysis(
        duration=spans[-1][1],
        depth="fast",
        rhythm=steady(100.0, round(spans[-1][1] / 0.6)),
        harmony=Harmony(Estimate(Key.parse(key), confidence, "clip"), (), chords, sure),
        onsets=tuple(Onset(start, 1.0) for start, _, _ in spans),
    )


def keys_clip(*chords: str) -> Clip:
    return Clip.of(
        "Keys",
        4.0 * len(chords),
        [
            Note(4.0 * bar, 48 + Chord.parse(label).root + interval, 4.0, 80)
            for bar, label in enumerate(chords)
            for interval in Chord.parse(label).intervals
        ],
    )


def test_drums_that_were_heard_give_groove_swing_style_and_notes() -> None:
    drums = ScenePart("Break", AnalyzedClip(hear_drums(swing=1.8), AT_SET_TEMPO, 32.0))
    context = merge_context([drums], SET)
    assert context.swing.value == pytest.approx(1.8, abs=0.02)
    assert context.groove.value is not None
    assert context.groove.confidence > 0.5
    assert context.style.value == "rock"
    assert context.style.confidence == pytest.approx(0.7)
    assert context.energy.value == pytest.approx(0.5)
    part = context.part("drums")
    assert part is not None
    kicks = [note.start for note in part.clip.notes if note.pitch == 36]
    assert kicks == pytest.approx([2.0 * number for number in range(16)])


def test_a_warped_clip_lies_on_the_sets_beats() -> None:
    drums = ScenePart("Break", AnalyzedClip(hear_drums(1.5, bpm=120.0, first=0.25), SLOWED, 32.0))
    context = merge_context([drums], SET)
    assert context.tempo == SET.tempo
    assert context.swing.value == pytest.approx(1.5, abs=0.02)
    part = context.part("drums")
    assert part is not None
    snares = [note.start for note in part.clip.notes if note.pitch == 38]
    assert snares == pytest.approx([1.0 + 2.0 * number for number in range(16)])


def test_without_warp_points_the_beats_that_were_found_count() -> None:
    drums = ScenePart("Break", AnalyzedClip(hear_drums(bpm=120.0, first=0.25), (), 32.0))
    part = merge_context([drums], SET).part("drums")
    assert part is not None
    assert part.clip.notes[0].start == pytest.approx(0.0, abs=1e-9)
    assert part.clip.notes[-1].start == pytest.approx(31.5)


def test_a_loop_cuts_what_lies_behind_it() -> None:
    part = merge_context([ScenePart("Break", AnalyzedClip(hear_drums(), AT_SET_TEMPO, 8.0))], SET).part("drums")
    assert part is not None
    assert part.clip.length == 8.0
    assert part.clip.notes[-1].start < 8.0


def test_one_bar_that_loops_is_a_groove() -> None:
    """It sounds again and again: every place of it is as sure as in a longer clip."""
    heard = hear_drums(1.7)
    bar = replace(heard, hits=tuple(hit for hit in heard.hits if hit.time < 2.39))
    context = merge_context([ScenePart("Break", AnalyzedClip(bar, AT_SET_TEMPO, 4.0))], SET)
    assert context.groove.confidence > 0.5
    assert context.swing.value == pytest.approx(1.7, abs=0.02)


def test_a_loop_that_begins_before_its_downbeat_comes_round() -> None:
    heard = hear_drums(bpm=100.0)
    late = replace(heard.rhythm, downbeats=heard.rhythm.beats[1::4])
    part = merge_context([ScenePart("Break", AnalyzedClip(replace(heard, rhythm=late), (), 32.0))], SET).part("drums")
    assert part is not None
    assert len(part.clip.notes) == len(heard.hits)
    assert part.clip.notes[-1].start == pytest.approx(31.5)


def test_heard_chords_change_on_the_sets_pulses() -> None:
    """A change 0.1 beats early and one 0.15 late are the bar lines; rests and doubts belong to the chord before."""
    heard = hear_chords("A minor", 0.8, (0.0, 2.34, "Am7"), (2.34, 4.9, "F:maj7"), (4.9, 6.0, ""), (6.0, 9.6, "C"))
    context = merge_context([ScenePart("Pad", AnalyzedClip(heard, AT_SET_TEMPO, 16.0))], SET)
    assert [(span.start, span.end, str(span.chord)) for span in context.chords] == [
        (0.0, 4.0, "Am7"),
        (4.0, 10.0, "Fmaj7"),
        (10.0, 16.0, "C"),
    ]
    assert str(context.key.value) == "A minor"
    assert context.parts[0].role == "harmony"
    assert context.parts[0].clip.notes == ()


def test_doubtful_chords_are_left_out() -> None:
    heard = hear_chords("C", 0.5, (0.0, 4.8, "C"), (4.8, 9.6, "F#"), sure=0.2)
    assert merge_context([ScenePart("Pad", AnalyzedClip(heard, AT_SET_TEMPO, 16.0))], SET).chords == ()


def test_notes_know_chords_better_than_ears() -> None:
    heard = hear_chords("G", 0.9, (0.0, 9.6, "G"))
    parts = [ScenePart("Loop", AnalyzedClip(heard, AT_SET_TEMPO, 16.0)), ScenePart("Keys", keys_clip("Am", "F"))]
    assert [str(span.chord) for span in merge_context(parts, SET).chords] == ["Am", "F"]


def test_a_bass_line_turns_heard_chords_over() -> None:
    heard = hear_chords("C", 0.9, (0.0, 2.4, "C"), (2.4, 4.8, "G"))
    bass = Clip.of("Bass", 8.0, [Note(0.0, 40, 4.0, 90), Note(4.0, 43, 4.0, 90)])
    parts = [ScenePart("Pad", AnalyzedClip(heard, AT_SET_TEMPO, 8.0)), ScenePart("Bass", bass)]
    assert [str(span.chord) for span in merge_context(parts, SET).chords] == ["C/E", "G"]


@each_case(
    "votes, key",
    [
        ([("C", 0.8), ("G", 0.5)], "C major"),
        ([("C", 0.5), ("G", 0.8)], "G major"),
        ([("C", 0.5), ("G", 0.8), ("C", 0.5)], "C major"),
        ([("A minor", 0.45), ("C", 0.4), ("Eb", 0.6)], "A minor"),
    ],
)
def test_keys_are_voted_for(votes: list[tuple[str, float]], key: str) -> None:
    parts = [
        ScenePart(f"Pad {number}", AnalyzedClip(hear_chords(name, sure, (0.0, 9.6, "")), AT_SET_TEMPO, 16.0))
        for number, (name, sure) in enumerate(votes)
    ]
    found = merge_context(parts, SET).key
    assert str(found.value) == key
    assert 0.0 < found.confidence < 1.0


def test_agreement_is_surer_than_dispute() -> None:
    def key_of(*names: str) -> Estimate[Key | None]:
        return merge_context(
            [ScenePart("Pad", AnalyzedClip(hear_chords(n, 0.7, (0.0, 9.6, "")), AT_SET_TEMPO, 16.0)) for n in names],
            SET,
        ).key

    assert key_of("C", "C").confidence > key_of("C", "C", "Eb").confidence


def test_hints_stand() -> None:
    hints = replace(SET, key=Estimate(Key(2, "Dorian"), 1.0, "user"), swing=Estimate(1.4, 1.0, "user"))
    context = merge_context([ScenePart("Break", AnalyzedClip(hear_drums(2.0), AT_SET_TEMPO, 32.0))], hints)
    assert (context.key, context.swing) == (hints.key, hints.swing)


def test_without_a_set_the_clip_gives_tempo_and_meter() -> None:
    context = merge_context([ScenePart("Break", AnalyzedClip(hear_drums(bpm=92.0), (), 32.0))])
    assert context.tempo.value == pytest.approx(92.0)
    assert context.tempo.source == "clip"
    assert context.meter.source == "clip"


def test_midi_drums_give_a_groove_and_a_style_where_there_are_some_to_choose_from() -> None:
    engine = find_engine("drums")
    clip = engine.generate(engine.params(style=STYLES["house"]), MusicalContext.plain(bpm=124), 1)
    hints = replace(SET, tempo=Estimate(124.0, 1.0, "set"))
    assert merge_context([ScenePart("Drums", clip)], hints, STYLES).style.value == "house"
    without = merge_context([ScenePart("Drums", clip)], hints)
    assert without.style.value is None
    assert without.groove.value is not None


def test_more_parts_are_more_energy() -> None:
    keys, drums = (
        ScenePart("Keys", keys_clip("Am", "F")),
        ScenePart("B", AnalyzedClip(hear_drums(), AT_SET_TEMPO, 32.0)),
    )
    one, two = merge_context([keys], SET).energy.value, merge_context([keys, drums], SET).energy.value
    assert one is not None
    assert two is not None
    assert 0.0 < one < two < 1.0


def test_sections_are_counted_in_the_sets_beats() -> None:
    heard = hear_drums()
    form = (Section(0.0, 9.6, "A", 0.8), Section(9.6, 19.2, "B", 0.6))
    heard = replace(heard, character=replace(heard.character, sections=form))
    context = merge_context([ScenePart("Song", AnalyzedClip(heard, AT_SET_TEMPO, 32.0))], SET)
    assert context.sections == (SectionSpan(0.0, 16.0, "A", 0.8), SectionSpan(16.0, 32.0, "B", 0.6))


@each_case(
    "name, analysis, role",
    [
        ("Drum Loop", Analysis(4.0, "fast", Rhythm(UNKNOWN)), "drums"),
        ("Audio 1", hear_drums(), "drums"),
        ("Audio 1", hear_chords("C", 0.8, (0.0, 4.8, "C"), (4.8, 9.6, "F")), "harmony"),
        ("Audio 1", replace(hear_drums(), harmony=hear_chords("C", 0.8, (0.0, 9.6, "C")).harmony), "unknown"),
        ("Audio 1", Analysis(4.0, "fast", Rhythm(UNKNOWN)), "unknown"),
        (
            "Audio 1",
            Analysis(4.0, "fast", Rhythm(UNKNOWN), character=Character(register=Estimate((28, 45), 0.8, "clip"))),
            "bass",
        ),
    ],
)
def test_roles_of_audio(name: str, analysis: Analysis, role: str) -> None:
    assert guess_audio_role(name, analysis)[0] == role


def test_a_role_that_is_given_counts() -> None:
    part = ScenePart("Drums", AnalyzedClip(hear_chords("C", 0.8, (0.0, 9.6, "C")), AT_SET_TEMPO, 16.0), "harmony")
    assert merge_context([part], SET).parts[0].role == "harmony"


@each_case(
    "points, length, said",
    [
        (((0.0, 0.0), (0.0, 1.0)), 4.0, "both rising"),
        (((0.0, 1.0), (1.0, 0.5)), 4.0, "both rising"),
        ((), 0.0, "above 0"),
    ],
)
def test_places_that_cannot_be_are_told(points: tuple[tuple[float, float], ...], length: float, said: str) -> None:
    with pytest.raises(ParamError, match=said):
        AnalyzedClip(Analysis(4.0, "fast", Rhythm(UNKNOWN)), points, length)


def test_the_band_plays_in_the_groove_that_was_heard() -> None:
    """The whole way: DrummaRoo's eighths lie where the break's lie, though its style plays them straight."""
    context = merge_context([ScenePart("Break", AnalyzedClip(hear_drums(1.9), AT_SET_TEMPO, 32.0), "unknown")], SET)
    engine = find_engine("drums")
    clip = engine.generate(engine.params(style=STYLES["rock"], bars=4), context, 3)
    late = [note.start % 1.0 for note in clip.notes if 0.4 < note.start % 1.0 < 0.72]
    assert len(late) >= 8
    assert sorted(late)[len(late) // 2] == pytest.approx(1.9 / 2.9, abs=0.03)
    straight = engine.generate(engine.params(style=STYLES["rock"], bars=4, swing=1.0), context, 3)
    even = [note.start % 1.0 for note in straight.notes if 0.4 < note.start % 1.0 < 0.72]
    assert sorted(even)[len(even) // 2] == pytest.approx(0.5, abs=0.03)


def test_a_tempo_that_live_cannot_have_is_not_taken() -> None:
    for bpm, taken in ((19.9, False), (20.0, True), (999.0, True), (999.5, False)):
        heard = replace(hear_drums(), rhythm=replace(steady(100.0, 32), tempo=Estimate(bpm, 0.9, "clip")))
        tempo = merge_context([ScenePart("Break", AnalyzedClip(heard, AT_SET_TEMPO, 32.0))]).tempo
        assert tempo == (Estimate(bpm, 0.9, "clip") if taken else Hints().tempo), bpm


def test_eight_strokes_are_a_groove_and_seven_are_none() -> None:
    for count, known in ((7, False), (8, True)):
        written = Clip.of("Drums", 4.0, [Note(0.5 * number, 42, 0.1, 80.0) for number in range(count)])
        assert (merge_context([ScenePart("Drums", written)], SET).groove.value is not None) == known, count
        heard = replace(hear_drums(), hits=hear_drums().hits[:count])
        context = merge_context([ScenePart("Break", AnalyzedClip(heard, AT_SET_TEMPO, 4.0))], SET)
        assert (context.groove.value is not None) == known, count


def test_an_empty_clip_makes_no_form_however_long_it_is() -> None:
    keys = ScenePart("Keys", keys_clip("Am", "F"))
    long = ScenePart("Lead", Clip("empty", 64.0 * 4.0))
    assert merge_context([keys, long], SET).sections == ()


def test_a_section_behind_the_end_of_the_loop_is_left_out() -> None:
    form = (Section(0.0, 4.8, "A", 0.8), Section(4.8, 9.6, "B", 0.6), Section(9.6, 19.2, "C", 0.6))
    heard = replace(hear_drums(), character=replace(hear_drums().character, sections=form))
    context = merge_context([ScenePart("Song", AnalyzedClip(heard, AT_SET_TEMPO, 16.0))], SET)
    assert [span.label for span in context.sections] == ["A", "B"]


def test_the_set_and_the_notes_are_surer_of_the_meter_than_what_was_heard() -> None:
    heard = AnalyzedClip(hear_drums(), AT_SET_TEMPO, 32.0)
    waltz = Clip("Keys", 6.0, (), Meter(3, 4))
    assert merge_context([ScenePart("Break", heard)]).meter == Estimate(Meter(), 0.8, "clip")
    assert merge_context([ScenePart("Break", heard), ScenePart("Keys", waltz)]).meter == Estimate(
        Meter(3, 4), 0.5, "clip"
    )
    assert merge_context([ScenePart("Keys", waltz)], SET).meter == SET.meter
