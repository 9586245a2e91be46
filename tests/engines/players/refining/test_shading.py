"""Shading at the bounds of velocity, pitch and length, and the swing measured from a clip."""

from __future__ import annotations

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.players.params import resolve_swing
from musearoo.engines.players.refining.modifiers import Modifier, Refinement
from musearoo.engines.players.refining.shading import shade
from musearoo.engines.players.refining.variation import refine_clip
from tests.engines.presets_on_disk import STYLES


def one(start: float = 0.0, pitch: int = 60, duration: float = 1.0, velocity: float = 90.0) -> Clip:
    """A bar with one note."""
    return Clip("one", 4.0, (Note(start, pitch, duration, velocity),))


def shaded(clip: Clip, modifier: Modifier) -> Note:
    return shade(clip, modifier, "melody", Swing(), 1).notes[0]


def test_nothing_gets_softer_than_one_nor_louder_than_midi_goes() -> None:
    assert [shaded(one(velocity=velocity), Modifier.SOFTER).velocity for velocity in (1.0, 2.0, 100.0)] == [
        1.0,
        2.0,
        85.0,
    ]
    assert [shaded(one(velocity=velocity), Modifier.LOUDER).velocity for velocity in (85.0, 107.9, 127.0)] == [
        100,
        127,
        127,
    ]


def test_a_part_moves_by_an_octave_when_all_of_it_stays_in_midi() -> None:
    for modifier, pitch, moved in (
        *((Modifier.LOWER, 12, 0), (Modifier.LOWER, 11, 11)),
        *((Modifier.HIGHER, 115, 127), (Modifier.HIGHER, 116, 116)),
    ):
        assert shaded(one(pitch=pitch), modifier).pitch == moved, (modifier, pitch)


def test_longer_notes_end_with_two_beats_or_their_clip_and_shorter_ones_stay_audible() -> None:
    for modifier, start, duration, lasts in (
        *((Modifier.LONGER, 0.0, 1.0, 1.6), (Modifier.LONGER, 0.0, 1.5, 2.0), (Modifier.LONGER, 0.0, 3.0, 3.0)),
        *(
            (Modifier.LONGER, 3.5, 0.4, 0.5),
            (Modifier.SHORTER, 0.0, 1.0, 0.6),
            (Modifier.SHORTER, 0.0, 0.01, 1.0 / 32.0),
        ),
    ):
        assert abs(shaded(one(start, duration=duration), modifier).duration - lasts) < 1e-9, (modifier, start, duration)


def test_middle_pitches_move_with_brightness_and_low_ones_only_get_softer() -> None:
    for modifier, pitch, moved in (
        *((Modifier.DARKER, 60, 48), (Modifier.DARKER, 59, 59)),
        *((Modifier.BRIGHTER, 72, 84), (Modifier.BRIGHTER, 73, 73)),
    ):
        assert shaded(one(pitch=pitch), modifier).pitch == moved, (modifier, pitch)
    assert shade(one(pitch=60), Modifier.DARKER, "bass", Swing(), 1).notes[0].pitch == 60
    assert shade(Clip("none", 4.0), Modifier.DARKER, "melody", Swing(), 1).notes == ()


def test_more_swing_starts_from_the_measured_swing_else_from_the_styles() -> None:
    engine = find_engine("melodyroo")
    swung = Clip("swung", 16.0, tuple(Note(Swing(2.0).warp(n / 2.0), 60 + n % 5, 0.3, 90.0) for n in range(32)))
    few = Clip("few", 16.0, swung.notes[:1])
    context = MusicalContext.plain(bpm=110.0)
    eighths = next(style for style in STYLES.values() if style.swing.swing == Swing())
    sixteenths = next(style for style in STYLES.values() if style.swing.swing.pair == 0.5)
    for clip, style, is_heard in ((swung, eighths, True), (few, eighths, False), (swung, sixteenths, False)):
        params = engine.params(style=style)
        asked = Refinement((Modifier.LESS_SWING,))
        less = refine_clip(engine, clip, asked, params, context, 1).notes
        expected = Swing(2.0) if is_heard else resolve_swing(params, context)
        own = shade(clip, Modifier.LESS_SWING, "melody", expected, 1).notes
        assert all(abs(one.start - other.start) < 0.02 for one, other in zip(less, own, strict=True)), style.name
