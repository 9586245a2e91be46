"""The library: takes are stored exactly, the nearest are found, and they fit any set."""

import pytest

from musearoo.bridge.settings.pattern_library import FOLDER, open_patterns
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import BY_PITCH
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import chord_at, parse_progression
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.library.features import FEATURES, describe
from musearoo.engines.players.library.fitting import fit_pattern, pattern_for
from musearoo.engines.players.library.patterns import Pattern, Patterns
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

PATTERNS = open_patterns(FOLDER)
CHORDS = "Dm7 | G7 | Cmaj7 | F#m7b5"


def a_pattern(pitches: tuple[int, ...], role: str = "bass", style: str = "funk", seed: int = 1) -> Pattern:
    """A bar with a note on each beat."""
    notes = tuple(Note(float(beat), pitch, 0.5, 90.0) for beat, pitch in enumerate(pitches))
    return Pattern(Clip(f"{style} {role}", 4.0, notes), role, style, False, 0.5, seed)  # type: ignore[arg-type]


def test_takes_come_back_as_they_went_in() -> None:
    taken = [a_pattern((36, 43, 48)), a_pattern((60, 64, 67), "melody", "rock", 9)]
    tables = Patterns.of(taken, ["funk", "rock"])
    assert [tables[index] for index in range(len(tables))] == taken


def test_the_nearest_are_found_among_those_that_are_asked_for() -> None:
    low, high, other = a_pattern((36, 36, 36)), a_pattern((72, 72, 72)), a_pattern((36, 36, 36), style="rock")
    tables = Patterns.of([low, high, other], ["funk", "rock"])
    assert tables.nearest(describe(high.clip), 3, role="bass", style="funk") == [1, 0]
    assert tables.nearest(describe(low.clip), 1, style="rock") == [2]
    assert tables.nearest(describe(low.clip), 1, style="polka") == []
    assert tables.nearest(describe(low.clip), 1, meter=Meter(3, 4)) == []


def test_features_are_about_equally_large() -> None:
    features = PATTERNS.rows["features"]
    assert features.shape[1] == len(FEATURES)
    assert features.min() >= 0.0
    assert features.max() <= 1.0
    assert (features.std(axis=0) > 0.02).all()


@each_case("engine", ENGINES)
@each_case("style", STYLES)
def test_every_style_has_a_pattern_for_every_part(engine: object, style: str) -> None:
    role = engine.part  # type: ignore[attr-defined]
    context = MusicalContext.plain(bpm=100.0, key="C", chords=CHORDS)
    clip = pattern_for(PATTERNS, role, STYLES[style], context, 4)
    assert clip is not None
    assert (clip.length, clip.name) == (16.0, f"{style} {role}")
    assert clip.notes
    if role == "drums":
        assert {note.pitch for note in clip.notes} <= BY_PITCH.keys()


@each_case("meter", ["4/4", "3/4", "6/8", "7/8", "5/4"])
@each_case("bars", [1, 3, 16])
def test_a_pattern_fits_any_meter_and_length(meter: str, bars: int) -> None:
    context = MusicalContext.plain(bpm=100.0, meter=meter, key="Am")
    for role in ("drums", "bass", "harmony"):
        clip = pattern_for(PATTERNS, role, STYLES["house"], context, bars)
        assert clip is not None
        assert clip.length == pytest.approx(bars * Meter.parse(meter).bar_beats)
        assert all(note.end <= clip.length + 1e-9 for note in clip.notes)


def test_tones_move_onto_the_chords() -> None:
    context = MusicalContext.plain(chords=CHORDS)
    pattern = a_pattern((48, 52, 55, 58))  # root, third, fifth and seventh of C7
    clip = fit_pattern(pattern, STYLES["funk"], context, 4)
    for note in clip.notes:
        chord = chord_at(parse_progression(CHORDS), note.start)
        assert chord is not None
        assert note.pitch % 12 in chord.pitch_classes


def test_an_existing_part_sets_the_density_of_a_pattern() -> None:
    busy = Clip("busy", 4.0, tuple(Note(step / 4, 36, 0.2, 100) for step in range(16)))
    sparse = Clip("sparse", 4.0, (Note(0.0, 36, 0.2, 100),))
    counts = []
    for heard in (busy, sparse):
        context = MusicalContext.plain(key="C", parts=[Part("bass", "Bass", heard)])
        clip = pattern_for(PATTERNS, "bass", STYLES["funk"], context, 4)
        assert clip is not None
        counts.append(len(clip))
    assert counts[0] > counts[1]


def test_a_style_of_the_users_own_borrows_from_others() -> None:
    clip = pattern_for(PATTERNS.of([a_pattern((48, 52))], ["funk"]), "bass", STYLES["rock"], MusicalContext.plain(), 2)
    assert clip is not None
    assert clip.name == "rock bass"


def test_tones_that_a_chord_would_move_out_of_midi_stay_at_its_ends() -> None:
    for pitch, chord, moved in ((0, "B", 0), (2, "B", 1), (127, "F", 127), (124, "F", 127), (60, "Gb", 54)):
        clip = fit_pattern(a_pattern((pitch,)), STYLES["funk"], MusicalContext.plain(chords=chord), 1)
        assert clip.notes[0].pitch == moved, (pitch, chord)
