"""Properties of the bass in every style: it is playable, follows its chords, and locks to the kick."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.players.bass.engine import BassParams, generate, instrument_of, register_of
from musearoo.engines.players.bass.fingering import find_bass_faults
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.drums.engine import DrumParams
from musearoo.engines.players.drums.engine import generate as generate_drums
from tests.each_case import each_case
from tests.engines.contexts import context_in, with_drums
from tests.engines.presets_on_disk import STYLES


@each_case("style", STYLES)
@each_case("meter", ["4/4", "5/4", "12/8"])
def test_the_bass_can_be_played_and_keeps_its_range(style: str, meter: str) -> None:
    for seed in range(3):
        context = with_drums(context_in(meter), style, 8, seed)
        params = BassParams(style=STYLES[style], complexity=1.0, octave=seed - 1)
        clip = generate(params, context, seed)
        register = register_of(params)
        assert find_bass_faults(clip.notes, context.bpm, instrument_of(params)) == ()
        assert all(register.low <= note.pitch <= register.high for note in clip.notes)


@each_case("style", STYLES)
@each_case("meter", ["4/4", "7/8"])
def test_the_bass_takes_the_root_when_the_chord_changes(style: str, meter: str) -> None:
    """Of lines that mean to: not those on a pedal or that anticipate, nor with inversions."""
    bass = STYLES[style].bass
    lines = tuple(line for line in bass.lines if not line.pedal and "n" not in line.tones.text and not line.sections)
    rooted = structs.replace(STYLES[style], bass=structs.replace(bass, lines=lines or bass.lines, inversions=0))
    for seed in range(4 if lines else 0):
        context = context_in(meter)
        params = BassParams(style=rooted, bars=8, humanise=0.0, swing=1.0)
        clip = generate(params, context, seed)
        spans = chords_to_play(params, context, clip.length)
        for span in spans:
            under = [note for note in clip.notes if span.start - 1e-6 <= note.start < span.end - 1e-6]
            if under:  # a bass that lives between the beats may be silent under a short chord
                assert under[0].pitch % 12 == span.chord.bass_or_root
        assert len({note.pitch % 12 for note in clip.notes}) >= 4


@each_case("style", ["rock", "funk", "hip-hop", "trap", "disco"])
def test_the_bass_locks_to_the_kick_it_hears(style: str) -> None:
    """Measured both ways within a thirty-second, against the same bass with the drums of another bar and seed."""
    on_kick, with_bass, strangers = [], [], []
    for seed in range(12):
        context = with_drums(context_in("4/4", STYLES[style].tempo.usual), style, 8, seed)
        bass = generate(BassParams(style=STYLES[style]), context, seed + 100)
        kicks = kick_starts(context)
        on_kick.append(share_near([note.start for note in bass.notes if note.duration > 0.13], kicks))
        with_bass.append(share_near(kicks, [note.start for note in bass.notes]))
        strangers.append(share_near(kicks, [(note.start + 0.5) % bass.length for note in bass.notes]))
    assert sum(with_bass) / len(with_bass) > 0.75
    assert sum(on_kick) / len(on_kick) > 0.45
    assert sum(strangers) < sum(with_bass)


@each_case("style", STYLES)
def test_without_drums_the_bass_locks_to_the_kick_that_drummaroo_would_play(style: str) -> None:
    context = context_in("4/4")
    drums = generate_drums(DrumParams(style=STYLES[style], humanise=0.0), context, 3)
    alone = generate(BassParams(style=STYLES[style], humanise=0.0), context, 3)
    heard = generate(
        BassParams(style=STYLES[style], humanise=0.0), replace(context, parts=(Part("drums", "d", drums),)), 3
    )
    assert [note.pitch for note in alone.notes] == [note.pitch for note in heard.notes]


def kick_starts(context: MusicalContext) -> list[float]:
    return [note.start for part in context.parts for note in part.clip.notes if note.pitch == 36]


def share_near(places: list[float], others: list[float]) -> float:
    """The share of places with another within a thirty-second note."""
    return sum(any(abs(place - other) <= 0.125 for other in others) for place in places) / len(places)
