"""Every modifier of every part: what changes, what stays, and playability."""

from dataclasses import replace

import pytest

from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import HAT_PITCHES, KICK_PITCHES
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord, find_engine
from musearoo.engines.players.drums.playability import find_faults
from musearoo.engines.players.refining.modifiers import Modifier, Refinement
from musearoo.engines.players.refining.onsets import group_onsets
from musearoo.engines.players.refining.variation import refine_clip
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

CONTEXT = MusicalContext.plain(bpm=104.0, key="Am", chords="Am7 | Dm7 | Fmaj7 | E7")
each_engine = each_case("engine", ENGINES)


def take(engine: EngineRecord, style: str = "funk", bars: int = 4, seed: int = 3) -> Clip:
    """A take of an engine."""
    return engine.generate(engine.params(style=STYLES[style], bars=bars), CONTEXT, seed)


def refined(engine: EngineRecord, clip: Clip, refinement: Refinement, style: str = "funk", seed: int = 8) -> Clip:
    """The take as wished."""
    return refine_clip(engine, clip, refinement, engine.params(style=STYLES[style]), CONTEXT, seed)


@each_engine
@each_case("modifier", Modifier)
def test_a_modifier_gives_a_sound_clip_and_the_same_one_again(engine: EngineRecord, modifier: Modifier) -> None:
    clip = take(engine)
    changed = refined(engine, clip, Refinement((modifier,)))
    assert changed == refined(engine, clip, Refinement((modifier,)))
    assert (changed.length, changed.meter) == (clip.length, clip.meter)
    assert all(note.end <= clip.length + 1e-9 for note in changed.notes)
    if engine.part == "drums":
        assert find_faults(changed.notes, CONTEXT.bpm) == ()
    if not (
        engine.part == "drums" and modifier in (Modifier.LOWER, Modifier.HIGHER, Modifier.SHORTER, Modifier.LONGER)
    ):
        assert changed.notes != clip.notes


@each_engine
def test_only_the_bars_asked_for_change(engine: EngineRecord) -> None:
    clip = take(engine, bars=8)
    changed = refined(engine, clip, Refinement((Modifier.AGAIN,), bars=(5, 6)))

    def onsets(part: Clip, low: float, high: float) -> list[tuple[float, int, float]]:
        return [(note.start, note.pitch, note.velocity) for note in part.notes if low <= note.start < high]

    for low, high in ((0.0, 16.0), (24.0, 32.0)):
        assert onsets(changed, low, high) == onsets(clip, low, high)
    assert onsets(changed, 16.0, 24.0) != onsets(clip, 16.0, 24.0)


@each_case("part", ["bass", "melody"])
def test_the_rhythm_can_be_kept(part: str) -> None:
    engine = find_engine(part)
    clip = take(engine)
    changed = refined(engine, clip, Refinement((Modifier.NEW_NOTES,)))
    assert [note.start for note in changed.notes] == [strike.start for strike in group_onsets(clip.notes)]
    assert [note.pitch for note in changed.notes] != [note.pitch for note in clip.notes]


@each_case("part", ["bass", "melody", "harmony"])
def test_the_notes_can_be_kept(part: str) -> None:
    engine = find_engine(part)
    clip = take(engine)
    changed = refined(engine, clip, Refinement((Modifier.NEW_RHYTHM,)))
    assert {note.pitch for note in changed.notes} <= {note.pitch for note in clip.notes}
    assert [note.start for note in changed.notes] != [note.start for note in clip.notes]


def test_drums_keep_their_strokes_on_other_drums() -> None:
    engine = find_engine("drums")
    clip = take(engine)
    changed = refined(engine, clip, Refinement((Modifier.NEW_NOTES,)))
    kicks = [[note.start for note in each.notes if note.pitch in KICK_PITCHES] for each in (clip, changed)]
    assert kicks[0] == kicks[1]
    assert {note.pitch for note in changed.notes} != {note.pitch for note in clip.notes}


def test_darker_drums_are_softer_on_top_and_brighter_ones_louder() -> None:
    engine = find_engine("drums")
    clip = take(engine, "rock")
    dark, bright = (refined(engine, clip, Refinement((modifier,))) for modifier in (Modifier.DARKER, Modifier.BRIGHTER))

    def tops(part: Clip) -> float:
        loud = [note.velocity for note in part.notes if note.pitch not in KICK_PITCHES and note.pitch not in (37, 38)]
        return sum(loud) / len(loud)

    assert tops(dark) < tops(clip) < tops(bright)
    assert not any(note.pitch == 46 for note in dark.notes)


def test_swing_is_more_or_less() -> None:
    engine = find_engine("drums")
    clip = take(engine, "rock", bars=8)
    more = refined(engine, clip, Refinement((Modifier.MORE_SWING, Modifier.MORE_SWING)), "rock")
    less = refined(engine, more, Refinement((Modifier.LESS_SWING,)), "rock")
    swings = [analyze_notes(part).groove.swing.value or 0.0 for part in (clip, less, more)]
    assert swings[0] < swings[1] < swings[2]


def test_tighter_is_nearer_to_the_grid() -> None:
    engine = find_engine("drums")
    clip = take(engine, "rock")
    tight = refined(engine, clip, Refinement((Modifier.TIGHTER,)), "rock")

    def miss(part: Clip) -> float:
        return sum(abs(note.start * 4 - round(note.start * 4)) for note in part.notes) / len(part)

    assert miss(tight) < 0.6 * miss(clip)


@each_engine
def test_a_variation_begins_like_the_clip_and_then_differs(engine: EngineRecord) -> None:
    clip = take(engine, bars=2)
    varied = refined(engine, clip, Refinement(vary_bars=8))
    assert varied.length == 32.0
    first = [note.start for note in varied.notes if note.start < 4.0]
    assert first == [note.start for note in clip.notes if note.start < 4.0]
    quarters = {
        tuple((round(note.start - low, 3), note.pitch) for note in varied.notes if low <= note.start < low + 8.0)
        for low in (0.0, 8.0, 16.0, 24.0)
    }
    assert len(quarters) >= 2


def test_style_transfer_keeps_kick_and_snare_and_takes_the_rest_from_the_style() -> None:
    engine = find_engine("drums")
    clip = take(engine, "rock", seed=5)
    jazzy = refined(engine, clip, Refinement(style=STYLES["jazz swing"]), "rock")
    kicks = [[note.start for note in part.notes if note.pitch in KICK_PITCHES] for part in (clip, jazzy)]
    assert set(kicks[0]) >= set(kicks[1]) != set()
    assert any(note.pitch == 51 for note in jazzy.notes)
    assert sum(note.pitch in HAT_PITCHES for note in jazzy.notes) < sum(
        note.pitch in HAT_PITCHES for note in clip.notes
    )


def test_a_groove_is_applied_by_its_amount() -> None:
    engine = find_engine("bass")
    clip = take(engine, "house")
    late = take(find_engine("drums"), "hip-hop", bars=8)
    groove = analyze_notes(late).groove
    moved = [refined(engine, clip, Refinement(groove=(groove, amount)), "house") for amount in (0.0, 0.5, 1.0)]
    shifts = [
        sum(abs(note.start - old.start) for note, old in zip(part.notes, clip.notes, strict=True)) for part in moved
    ]
    assert shifts[0] == pytest.approx(0.0, abs=1e-6)
    assert 0.0 < shifts[1] < shifts[2]


def test_a_clip_of_the_user_s_own_can_be_refined() -> None:
    engine = find_engine("melody")
    clip = Clip("mine", 7.3, (Note(0.1, 60, 3.0, 90), Note(6.9, 67, 0.4, 90)))
    for modifier in Modifier:
        changed = refined(engine, clip, Refinement((modifier,)))
        assert all(note.start < changed.length for note in changed.notes)


def test_impossible_changes_raise() -> None:
    engine = find_engine("drums")
    clip = take(engine)
    with pytest.raises(ParamError, match="within the clip's 4"):
        refined(engine, clip, Refinement((Modifier.AGAIN,), bars=(5, 8)))
    with pytest.raises(ParamError, match="at most 64 bars"):
        refined(engine, replace(clip, length=400.0), Refinement((Modifier.AGAIN,)))
