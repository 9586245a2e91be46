"""Phrases: bars four and eight end something, what follows is a beginning, and plain is plain."""

from __future__ import annotations

from itertools import pairwise

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import HAT_PITCHES, KIT
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.drums.engine import DrumParams, generate, refine
from musearoo.engines.players.drums.plan import plan_take
from musearoo.engines.players.params import Change
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

CONTEXT = MusicalContext.plain(bpm=110)
CRASH, KICK, OPEN_HAT = KIT["crash"].pitch, KIT["kick"].pitch, KIT["open_hat"].pitch
SEEDS = range(8)


def bar_rhythm(clip: Clip, bar: int) -> frozenset[tuple[int, int]]:
    notes = (note for note in clip.notes if bar * 4 <= round(note.start * 4) / 4 < bar * 4 + 4)
    return frozenset((round(note.start * 4) % 16, note.pitch) for note in notes)


@each_case("style", STYLES)
def test_fills_come_at_the_end_of_phrases_and_nowhere_else(style: str) -> None:
    fills = [0] * 16
    for seed in range(24):
        for bar in plan_take(DrumParams(style=STYLES[style], bars=16, complexity=0.6), CONTEXT, seed).bars:
            fills[bar.index] += bar.fill is not None
    assert all((count > 0) == (index % 4 == 3) for index, count in enumerate(fills))


@each_case("style", STYLES)
def test_the_end_of_a_section_differs_more_than_its_middle(style: str) -> None:
    inside = ending = 0
    for seed in SEEDS:
        clip = generate(DrumParams(style=STYLES[style]), CONTEXT, seed)
        inside += len(bar_rhythm(clip, 0) ^ bar_rhythm(clip, 2))
        ending += len(bar_rhythm(clip, 5) ^ bar_rhythm(clip, 7))
    assert ending > inside


@each_case("style", STYLES)
def test_every_crash_stands_on_a_kick(style: str) -> None:
    params = DrumParams(style=STYLES[style], humanise=0.0)
    crashed = [seed for seed in range(40) if any(bar.crash for bar in plan_take(params, CONTEXT, seed).bars)]
    assert crashed
    for seed in crashed[:4]:
        clip = generate(params, CONTEXT, seed)
        kicks = [note.start for note in clip.notes if note.pitch == KICK]
        crashes = [note.start for note in clip.notes if note.pitch == CRASH]
        assert crashes
        assert all(any(abs(crash - kick) < 0.01 for kick in kicks) for crash in crashes)


@each_case("style", STYLES)
def test_the_next_stroke_on_the_hats_ends_an_open_one(style: str) -> None:
    for seed in SEEDS:
        notes = [
            note for note in generate(DrumParams(style=STYLES[style]), CONTEXT, seed).notes if note.pitch in HAT_PITCHES
        ]
        for note, following in pairwise(notes):
            if note.pitch == OPEN_HAT:
                assert note.end <= following.start + 1.0 / 96.0 + 1e-9


@each_case("style", STYLES)
def test_at_complexity_nought_no_ghost_note_and_no_doubtful_kick(style: str) -> None:
    def take(amount: float, seed: int) -> Clip:
        params = DrumParams(style=STYLES[style], complexity=amount, density=amount, humanise=0.0, swing=1.0)
        return generate(params, CONTEXT, seed)

    plain = [take(0.0, seed) for seed in SEEDS]
    busy = [take(1.0, seed) for seed in SEEDS]
    assert sum(len(clip) for clip in plain) < 0.95 * sum(len(clip) for clip in busy)
    assert all(bar_rhythm(clip, 1) == bar_rhythm(clip, 5) for clip in plain)


def test_the_same_seed_keeps_the_groove_when_asked_for_more() -> None:
    """Optional strokes appear one after the other as complexity rises: none that was there goes."""
    style = STYLES["house"]
    kicks = []
    for complexity in (0.35, 0.45, 0.5):
        clip = generate(DrumParams(style=style, complexity=complexity, humanise=0.0), CONTEXT, 3)
        kicks.append({round(note.start * 4) for note in clip.notes if note.pitch == KICK and note.start < 12})
    assert kicks[0] <= kicks[1] <= kicks[2]


def test_simpler_takes_the_ornaments_and_leaves_the_backbeat() -> None:
    params = DrumParams(style=STYLES["funk"], complexity=0.8)
    clip = generate(params, CONTEXT, 4)
    simpler = refine(clip, Change.SIMPLER, params, CONTEXT, 4)
    assert 0.6 * len(clip) < len(simpler) < 0.85 * len(clip)
    loud = {note for note in clip.notes if note.pitch == KIT["snare"].pitch and round(note.start * 4) % 8 == 4}
    assert loud <= set(simpler.notes)
    assert len(refine(simpler, Change.SIMPLER, params, CONTEXT, 4)) < len(simpler)


def test_simpler_leaves_eighths_of_what_were_sixteenths() -> None:
    """Of hats of one loudness the e and the a of a beat go, never the "and" or the beat."""
    hats = [Note(step / 4, KIT["closed_hat"].pitch, 0.2, 80) for step in range(16)]
    params = DrumParams(style=STYLES["rock"], bars=1)
    clip = Clip.of("hats", 4.0, hats)
    for _ in range(2):
        clip = refine(clip, Change.SIMPLER, params, CONTEXT, 1)
    left = [note.start for note in clip.notes]
    assert [start for start in left if start % 0.5 == 0.0] == [step / 2 for step in range(8)]
    # A quarter of sixteen, then a quarter of the twelve that are left; the bar's beginning keeps longest what it has.
    assert [start for start in left if start % 0.5] == [0.25]


def test_simpler_leaves_out_hats_before_kicks_and_unknown_voices_before_both() -> None:
    cowbell_of_another_kit = 100
    voices = (KIT["kick"].pitch, KIT["closed_hat"].pitch, cowbell_of_another_kit)
    clip = Clip.of("off the beat", 4.0, [Note(beat + 0.5, pitch, 0.2, 80) for beat in range(4) for pitch in voices])
    params = DrumParams(style=STYLES["rock"], bars=1)
    for _ in range(2):
        clip = refine(clip, Change.SIMPLER, params, CONTEXT, 1)
    left = [note.pitch for note in clip.notes]
    # Three of twelve, then two of nine.
    assert [left.count(pitch) for pitch in voices] == [4, 3, 0]


def test_again_with_the_seed_of_the_clip_itself_still_differs() -> None:
    params = DrumParams(style=STYLES["techno"], complexity=0.0, humanise=0.0, bars=1)
    clip = generate(params, CONTEXT, 9)
    assert refine(clip, Change.AGAIN, params, CONTEXT, 9).notes != clip.notes
