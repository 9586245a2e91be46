"""MIDI clips and files in, an Analysis out: exact where notes say it."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import mido  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.engines.analysis.scene.merging import ScenePart, merge_context
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes, analyze_song
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis_json import dump_analysis, encode_analysis, load_analysis
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.knowledge.context_json import decode_context, encode_context
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.song import decode_midi_file, encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import find_engine
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

AT_120 = Hints(tempo=Estimate(120.0, 1.0, "set"), meter=Estimate(Meter(), 1.0, "set"))


def chords(progression: str, meter: Meter | None = None, low: int = 48) -> Clip:
    spans = parse_progression(progression, meter)
    notes = [
        Note(span.start, low + span.chord.root + interval, span.end - span.start, 80)
        for span in spans
        for interval in span.chord.intervals
    ]
    return Clip.of("Keys", spans[-1].end, notes, meter)


def drums(style: str, bars: int = 8, bpm: float = 120.0) -> Clip:
    engine = find_engine("drums")
    return engine.generate(engine.params(style=STYLES[style], bars=bars), MusicalContext.plain(bpm=bpm), 1)


def test_a_band_is_known_through_and_through() -> None:
    clips = [("Drums", drums("rock")), ("Keys", chords("Am | F | C | G | Am | F | C | G"))]
    analysis = analyze_notes(clips, AT_120, STYLES)
    assert analysis.depth == "exact"
    assert analysis.duration == 16.0
    rhythm = analysis.rhythm
    assert (rhythm.tempo.value, rhythm.meter.value, rhythm.loop_bars.value) == (120.0, Meter(), 8)
    assert rhythm.beats == tuple(beat / 2.0 for beat in range(32))
    assert rhythm.downbeats == rhythm.beats[::4]
    assert str(analysis.harmony.key.value) == "A minor"
    assert [(chord.start, str(chord.chord)) for chord in analysis.harmony.chords][:4] == [
        (0.0, "Am"),
        (2.0, "F"),
        (4.0, "C"),
        (6.0, "G"),
    ]
    assert analysis.groove.drums is not None
    assert {"kick", "snare", "hat"} <= set(analysis.groove.drums)
    assert len(analysis.hits) == len(clips[0][1].notes)
    character = analysis.character
    assert character.energy is not None
    assert 0.0 < character.energy.mean < 1.0
    assert character.complexity.value is not None
    assert character.mood is not None
    assert character.register.value == (48, 64)
    assert sum(guess.likelihood for guess in character.styles) == pytest.approx(1.0)
    assert (character.loudness, character.stereo, character.bands) == (None, None, ())


@each_case(
    "meter, bpm, beats, tempo",
    [("3/4", 120.0, 12, 120.0), ("6/8", 120.0, 8, 80.0), ("7/8", 120.0, 28, 240.0), ("12/8", 90.0, 16, 60.0)],
)
def test_beats_are_what_a_listener_counts(meter: str, bpm: float, beats: int, tempo: float) -> None:
    signature = Meter.parse(meter)
    hints = Hints(tempo=Estimate(bpm, 1.0, "set"), meter=Estimate(signature, 1.0, "set"))
    rhythm = analyze_notes(chords("Am | F | C | G", signature), hints).rhythm
    assert len(rhythm.beats) == beats
    assert len(rhythm.downbeats) == 4
    assert set(rhythm.downbeats) <= set(rhythm.beats)
    assert rhythm.tempo.value == pytest.approx(tempo)
    assert rhythm.live_bpm == pytest.approx(bpm)


def test_the_meter_of_a_clip_counts_where_nobody_hints() -> None:
    assert analyze_notes(chords("Am", Meter(5, 4))).rhythm.meter.value == Meter(5, 4)


@each_case("clips", [[], [Clip("empty", 4.0)]])
def test_nothing_is_unknown(clips: list[Clip]) -> None:
    analysis = analyze_notes(clips)
    assert (analysis.harmony.key, analysis.harmony.chords) == (UNKNOWN, ())
    assert (analysis.onsets, analysis.hits, analysis.polyrhythms) == ((), (), ())
    assert analysis.groove.swing.value is None
    assert analysis.character.energy is None


@each_case("key", [Key(2, "Dorian"), Key(9, "Minor")])
def test_a_key_that_is_known_stands(key: Key) -> None:
    harmony = analyze_notes(chords("Am | F | C | G"), Hints(key=Estimate(key, 1.0, "user"))).harmony
    assert harmony.key.value == key
    assert harmony.keys[0].key == key


def test_a_change_of_key_is_found() -> None:
    home, away = "C | Am | F | G", "Eb | Cm | Ab | Bb"
    analysis = analyze_notes(chords(" | ".join([home] * 3 + [away] * 3)), AT_120)
    keys = analysis.harmony.keys
    assert [str(span.key) for span in keys] == ["C major", "Eb major"]
    assert keys[0].end == keys[1].start == pytest.approx(24.0, abs=4.0)


def test_sections_that_come_again_share_their_label() -> None:
    verse, chorus = chords("Am | F | C | G"), chords("F | G | Em | Am", low=60)
    song = [
        note
        for place, part in enumerate((verse, verse, chorus, chorus, verse, verse))
        for note in (Note(note.start + 16.0 * place, note.pitch, note.duration, note.velocity) for note in part.notes)
    ]
    beat = drums("rock", bars=8)
    loud = [Note(note.start + 32.0, note.pitch, note.duration, note.velocity) for note in beat.notes]
    clips = [("Keys", Clip.of("Keys", 96.0, song)), ("Drums", Clip.of("Drums", 96.0, loud))]
    character = analyze_notes(clips, AT_120).character
    assert [(part.start, part.end, part.label) for part in character.sections] == [
        (0.0, 16.0, "A"),
        (16.0, 32.0, "B"),
        (32.0, 48.0, "A"),
    ]
    assert character.energy is not None
    assert 16.0 <= character.energy.climax < 32.0


def test_a_line_against_the_beat_is_a_polyrhythm() -> None:
    line = Clip.of("arp", 16.0, [Note(0.75 * number, 60 + number % 3, 0.5, 80) for number in range(21)])
    found = analyze_notes(line, AT_120).polyrhythms
    assert (found[0].against, found[0].beats) == (4, 3)


def test_power_chords_stay_open_until_somebody_plays_the_third() -> None:
    guitar = chords("A5 | F5 | C5 | G5")
    assert [str(span.chord) for span in analyze_notes([("Guitar", guitar)]).harmony.chords] == [
        "A5",
        "F5",
        "C5",
        "G5",
    ]
    tune = Clip.of("Lead", 16.0, [Note(0.0, 72, 4.0, 90), Note(4.0, 69, 4.0, 90), Note(8.0, 76, 8.0, 90)])
    both = analyze_notes([("Guitar", guitar), ("Lead", tune)]).harmony.chords
    assert [str(span.chord) for span in both][:3] == ["Am", "F", "C"]


def test_a_walking_bass_leaves_the_chords_in_root_position() -> None:
    keys = chords("Dm7 | G7 | Cmaj7 | A7", low=60)
    walk = (38, 41, 45, 44, 43, 47, 50, 49, 48, 52, 55, 58, 45, 49, 52, 55)
    bass = Clip.of("Bass", 16.0, [Note(float(beat), pitch - 12, 0.9, 90) for beat, pitch in enumerate(walk)])
    chords_heard = analyze_notes([("Keys", keys), ("Bass", bass)]).harmony.chords
    assert [str(span.chord) for span in chords_heard] == ["Dm7", "G7", "Cmaj7", "A7"]


def test_off_beat_stabs_and_broken_chords_hold_through() -> None:
    stabs = [
        Note(bar * 4.0 + beat + 0.5, pitch, 0.25, 80)
        for bar, pitches in enumerate(((57, 60, 64), (53, 57, 60)))
        for beat in range(4)
        for pitch in pitches
    ]
    broken = [
        Note(8.0 + bar * 4.0 + step * 0.5, pitches[step % 3], 0.4, 80)
        for bar, pitches in enumerate(((48, 52, 55), (55, 59, 62)))
        for step in range(8)
    ]
    found = analyze_notes([("Keys", Clip.of("Keys", 16.0, stabs + broken))]).harmony.chords
    assert [str(span.chord) for span in found] == ["Am", "F", "C", "G"]


def test_a_file_is_read_with_its_own_tempo_and_its_drum_channel() -> None:
    parts = {"drums": drums("funk", bpm=96.0), "Keys": chords("Am7 | D7 | Am7 | D7 | Am7 | D7 | Am7 | D7")}
    song = decode_midi_file(encode_midi_file(parts, bpm=96.0))
    assert song.drums == {"drums"}
    analysis = analyze_song(song, styles=STYLES)
    assert analysis.rhythm.live_bpm == pytest.approx(96.0, abs=1e-3)
    assert analysis.rhythm.tempo.confidence == 1.0
    assert len(analysis.hits) == len(parts["drums"].notes)
    assert str(analysis.harmony.chords[0].chord) == "Am7"


def test_a_file_may_change_its_tempo_and_its_meter() -> None:
    file = mido.MidiFile(ticks_per_beat=96)
    conductor = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(120), time=0),
            mido.MetaMessage("time_signature", numerator=4, denominator=4, time=0),
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(60), time=4 * 96),
            mido.MetaMessage("time_signature", numerator=3, denominator=4, time=0),
        ]
    )
    notes = mido.MidiTrack()
    for _ in range(10):
        notes += [mido.Message("note_on", note=60, velocity=80), mido.Message("note_off", note=60, time=96)]
    file.tracks += [conductor, notes]
    data = io.BytesIO()
    file.save(file=data)
    song = decode_midi_file(data.getvalue())
    assert song.meters == ((0.0, Meter()), (4.0, Meter(3, 4)))
    rhythm = analyze_song(song).rhythm
    assert rhythm.downbeats[:3] == (0.0, 2.0, 5.0)
    assert [(point.time, point.bpm) for point in rhythm.curve] == [(0.0, 120.0), (2.0, 60.0)]


@each_case("bpm, upbeat", [(84.0, 0.0), (97.0, 0.3), (132.0, 0.1)])
def test_a_file_without_a_tempo_is_counted_as_it_was_played(bpm: float, upbeat: float) -> None:
    """A band at `bpm`, recorded into a file that stands at its 120, not from its start."""
    played = [
        (2.0 * (upbeat + note.start * 60.0 / bpm), note.pitch, note.velocity) for note in drums("rock", bpm=bpm).notes
    ]
    file = mido.MidiFile(ticks_per_beat=960)
    track = mido.MidiTrack()
    events = [(at, "note_on", pitch, velocity) for at, pitch, velocity in played]
    events += [(at + 0.05, "note_off", pitch, 0.0) for at, pitch, _ in played]
    tick = 0
    for at, kind, pitch, velocity in sorted(events):
        track.append(mido.Message(kind, channel=9, note=pitch, velocity=round(velocity), time=round(at * 960) - tick))
        tick = round(at * 960)
    file.tracks.append(track)
    data = io.BytesIO()
    file.save(file=data)
    rhythm = analyze_song(decode_midi_file(data.getvalue())).rhythm
    assert rhythm.tempo.value == pytest.approx(bpm, rel=0.005)
    assert rhythm.tempo.confidence > 0.3
    beats = [upbeat + beat * 60.0 / bpm for beat in range(30)]
    assert all(min(abs(beat - found) for found in rhythm.beats) < 0.03 for beat in beats)


def test_a_file_without_a_tempo_says_so() -> None:
    file = mido.MidiFile(ticks_per_beat=96)
    file.tracks.append(
        mido.MidiTrack([mido.Message("note_on", note=60, velocity=80), mido.Message("note_off", note=60, time=96)])
    )
    data = io.BytesIO()
    file.save(file=data)
    song = decode_midi_file(data.getvalue())
    assert (song.has_tempo, song.bpm) == (False, 120.0)
    assert analyze_song(song).rhythm.tempo.confidence == 0.0
    assert analyze_song(song, AT_120).rhythm.tempo.source == "set"


@given(
    st.lists(
        st.tuples(st.floats(0.0, 31.9), st.integers(0, 127), st.floats(0.01, 8.0), st.floats(1.0, 127.0)), max_size=60
    ),
    st.sampled_from(["4/4", "3/4", "6/8", "7/8", "5/4", "1/16", "99/1"]),
    st.sampled_from(["Drums", "Bass", "Keys", "?"]),
)
@settings(max_examples=60, deadline=None)
def test_any_notes_are_read(rows: list[tuple[float, int, float, float]], meter: str, name: str) -> None:
    """Whatever was played: no error, all values in their bounds, and the same again from the cache's bytes."""
    clip = Clip.of(name, 32.0, [Note(*row) for row in rows], Meter.parse(meter))
    analysis = analyze_notes([(name, clip), ("Keys", chords("Am | F"))], styles=STYLES)
    assert load_analysis(dump_analysis(analysis)) == analysis
    assert json.dumps(encode_analysis(analysis), allow_nan=False)
    assert set(analysis.rhythm.downbeats) <= set(analysis.rhythm.beats)
    for before, after in pairwise(analysis.harmony.chords):
        assert before.end == pytest.approx(after.start)
    context = merge_context([ScenePart(name, clip), ScenePart("Keys", chords("Am | F"))], AT_120, STYLES)
    assert decode_context(encode_context(context)) == context


def test_eight_drum_strokes_are_the_groove_and_with_seven_all_notes_are() -> None:
    tune = Clip.of("Lead", 4.0, [Note(0.25 + beat, 60, 0.5, 80.0) for beat in range(4)])
    for count, heard in ((8, 8), (7, 11)):
        hats = Clip.of("Drums", 4.0, [Note(0.5 * number, 42, 0.1, 80.0) for number in range(count)])
        whole = analyze_notes([("Drums", hats), ("Lead", tune)], AT_120).groove.whole
        assert whole is not None
        assert sum(whole.counts) == heard, count


def test_a_length_of_whole_bars_is_a_loop() -> None:
    for length, bars in ((8.0, 2), (8.0005, 2), (10.0, None), (1.0, None), (0.001, None), (4.0, 1)):
        assert analyze_notes([Clip("x", length)], AT_120).rhythm.loop_bars.value == bars, length


def test_notes_within_a_hundred_and_twenty_eighth_are_one_onset_as_strong_as_the_loudest() -> None:
    notes = [Note(0.0, 60, 1.0, 50.0), Note(0.02, 64, 1.0, 100.0), Note(1.0, 60, 1.0, 40.0), Note(1.04, 62, 1.0, 80.0)]
    onsets = analyze_notes([("Keys", Clip.of("x", 4.0, notes))], AT_120).onsets
    assert [(onset.time, onset.strength) for onset in onsets] == [(0.0, 1.0), (0.5, 0.4), (0.52, 0.8)]


def test_rests_before_and_after_the_chords_are_told() -> None:
    hints = Hints(tempo=Estimate(120.0, 1.0, "set"), chords=parse_progression("N | Am | N | N"))
    spans = analyze_notes([chords("C | C | C | C")], hints).harmony.chords
    assert [(span.start, span.end, span.chord and str(span.chord)) for span in spans] == [
        (0.0, 2.0, None),
        (2.0, 4.0, "Am"),
        (4.0, 8.0, None),
    ]


def test_one_note_in_twenty_may_lie_outside_the_register() -> None:
    inner = [Note(0.1 * number, 60 + number % 3, 0.1, 80.0) for number in range(38)]
    for outer, register in (((20, 21, 100), (60, 62)), ((20, 21, 22), (22, 62))):
        notes = [*inner, *(Note(3.9, pitch, 0.1, 80.0) for pitch in outer)]
        assert analyze_notes([("Lead", Clip.of("x", 4.0, notes))], AT_120).character.register.value == register, outer


def test_drums_go_against_the_beat_by_kinds_and_other_parts_as_a_whole_and_by_pitches() -> None:
    """Every 3/4 of a beat is four against three. Two drums that share the pulse each keep half of it: none has it."""

    def against(name: str, pitches: tuple[int, ...], *more: Note, spread: float = 0.0, size: int = 1) -> bool:
        pulse = [
            Note(0.75 * number + spread * voice, pitches[number % len(pitches)] + 4 * voice, 0.1, 80.0)
            for number in range(21)
            for voice in range(size)
        ]
        found = analyze_notes([(name, Clip.of("x", 16.0, [*pulse, *more]))], AT_120).polyrhythms
        return (4, 3) in {(each.against, each.beats) for each in found}

    beat = [Note(float(at), 36, 0.1, 80.0) for at in range(16)]
    assert against("Drums", (45,), *beat)
    assert not against("Drums", (45, 38), *beat)
    assert against("Lead", (60, 67))
    assert against("Keys", (60, 67), spread=0.01, size=3)
    assert against("Keys", (72,), *beat)
    assert not against("Keys", (60, 67), *beat)
    assert not against("Keys", (60, 67), spread=0.05, size=3)
