"""Responses of each engine to a phrase, and the turns of the band."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.jam.composing import Answer, Compose, compose_answer
from musearoo.engines.improvisation.jam.deciding import Memory
from musearoo.engines.improvisation.jam.phrase import Phrase, foresee, read_phrase
from musearoo.engines.improvisation.jam.responding import MANNERS, ResponseRequest, accompany, go_on, respond
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.drum_kit import KICK_PITCHES
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import chord_at, parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord, find_engine
from musearoo.engines.players.bass.other_parts import grid_position
from tests.each_case import each_case
from tests.engines.improvisation.jam.phrases import (
    ALL,
    BLUES,
    CHORDS,
    CLOSED,
    DRUMS,
    FOLK,
    LOW,
    ODD,
    OPEN,
    line,
    phrase,
)
from tests.engines.presets_on_disk import STYLES

POP = ResponseRequest(STYLES["pop"])
BARE = MusicalContext.plain()


def order(phrase: Phrase | None, turn: int = 1, who: str = "", previous: Answer | None = None) -> Compose:
    beats = phrase.clip.length if phrase else 8.0
    bars = round(phrase.clip.bars) if phrase else 2
    return Compose(
        turn, "final", 16.0, bars, phrase is not None, 8.0, beats, 8.0 + beats, who, 5, Memory(), previous
    )  # fmt: skip


@each_case("engine", ENGINES)
@each_case("name", ALL)
def test_every_engine_has_something_to_play_to_every_phrase(engine: EngineRecord, name: str) -> None:
    call = ALL[name]
    for manner in ("answer", "continue", "accompany"):
        clip = respond(engine, manner, call, POP, 3)
        assert clip.notes
        assert clip.length == call.clip.length
        assert clip == respond(engine, manner, call, POP, 3)
        asked = respond(engine, manner, call, replace(POP, bars=3), 3)
        assert asked.bars == 3.0


def test_the_bass_stands_on_the_chords_of_the_player_and_the_kick() -> None:
    for seed in range(4):
        drums = accompany(find_engine("drums"), CHORDS, POP, seed)
        bass = accompany(find_engine("bass"), CHORDS, POP, seed)
        first = [next(note for note in bass.notes if grid_position(note.start) >= bar * 4.0) for bar in range(4)]
        assert [note.pitch % 12 for note in first] == [0, 9, 5, 7]
        assert any(note.pitch in KICK_PITCHES for note in drums.notes)


def test_drums_follow_how_hard_and_how_densely_one_plays() -> None:
    def loudness(velocity: float) -> float:
        played = phrase(line(*(60, 64) * 8), 2, velocity=velocity)
        clip = accompany(find_engine("drums"), played, POP, 2)
        return sum(note.velocity for note in clip.notes) / len(clip.notes)

    assert loudness(40.0) + 5.0 < loudness(120.0)
    few = accompany(find_engine("drums"), phrase(((0, 4, 60),), 2), POP, 2)
    many = accompany(find_engine("drums"), phrase(line(*(60, 62, 64, 65) * 8, step=0.25), 2), POP, 2)
    assert len(few.notes) < len(many.notes)


def test_the_band_plays_in_the_players_groove() -> None:
    late = Groove(
        bar_beats=4.0, confidence=0.9,
        whole=GrooveProfile((0.0, 1.0, 2.0, 3.0), (0.0, 0.06, 0.0, 0.06), (90.0,) * 4, (8,) * 4),
    )  # fmt: skip
    dragging = replace(CHORDS, context=replace(CHORDS.context, groove=Estimate(late, 0.9, "clip")))
    straight = accompany(find_engine("drums"), CHORDS, replace(POP, humanise=0.5), 1)
    followed = accompany(find_engine("drums"), dragging, replace(POP, humanise=0.5), 1)

    def lateness(clip: Clip) -> float:
        on = [note.start - round(note.start) for note in clip.notes if abs(note.start % 2.0 - 1.0) < 0.15]
        return sum(on) / len(on)

    assert lateness(followed) == pytest.approx(lateness(straight) + 0.06, abs=0.02)


def test_an_engine_with_the_players_role_varies_the_phrases_end() -> None:
    for call, part in ((LOW, "bass"), (CHORDS, "harmony"), (DRUMS, "drums")):
        clip = respond(find_engine(part), "continue", call, POP, 1)
        half = call.clip.length / 2.0
        known = {(note.start, note.pitch) for note in call.clip.notes if note.start < half}
        assert {(note.start, note.pitch) for note in clip.notes if note.start < half} == known


def test_a_continued_melody_develops_the_opening_motif_without_repeating_it() -> None:
    rhythm = [note.start for note in CLOSED.clip.notes]
    alike = 0
    for seed in range(10):
        tune = respond(find_engine("melody"), "continue", CLOSED, replace(POP, bars=4, humanise=0.0), seed)
        starts = [round(note.start, 2) for note in tune.notes]
        assert starts != rhythm
        alike += any(sum(round(at + 4.0 * bar, 2) in starts for at in rhythm[:5]) >= 4 for bar in range(3))
    assert alike >= 6


def test_long_phrases_go_on_from_their_end() -> None:
    long = phrase(tuple((4.0 * bar, 2.0, 40 + bar % 5) for bar in range(64)), 64, key="Em", role="bass")
    clip = respond(find_engine("bass"), "continue", long, replace(POP, bars=64), 1)
    assert clip.bars == 64.0
    assert [note.pitch for note in clip.notes[:4]] == [40 + bar % 5 for bar in range(48, 52)]


def test_without_a_player_a_clip_continues_with_a_known_first_half_and_never_denser() -> None:
    engine, clip = find_engine("drums"), accompany(find_engine("drums"), OPEN, POP, 1)
    counts = [len(clip.notes)]
    for seed in range(12):
        later = go_on(engine, clip, POP, OPEN.context, seed)
        half = clip.length / 2.0
        before = [(note.start, note.pitch) for note in clip.notes if note.start < half]
        assert [(note.start, note.pitch) for note in later.notes if note.start < half] == before
        clip = later
        counts.append(len(clip.notes))
    assert max(counts) < 1.6 * counts[0]


def test_asking_has_bounds() -> None:
    for bars in (-1, 65, True):
        with pytest.raises(ParamError, match="bars must be a whole number from 0 to 64"):
            replace(POP, bars=bars)
    with pytest.raises(ParamError, match="complexity must be 0 to 1"):
        replace(POP, complexity=1.5)
    with pytest.raises(ParamError, match="density must be 0 to 1"):
        replace(POP, density=-0.1)
    assert {"answer", "continue", "accompany", "thirds"} < set(MANNERS)


@each_case("name", ALL)
def test_the_band_plays_together_and_to_one_set_of_chords(name: str) -> None:
    call = ALL[name]
    answer = compose_answer(order(call), call, POP, BARE)
    assert {part.engine for part in answer.parts} == {answer.decision.lead, *answer.decision.backing}
    assert answer.lead.engine == answer.decision.lead
    assert all(part.clip.length == call.clip.length and part.clip.notes for part in answer.parts)
    bass = next((part.clip for part in answer.parts if part.engine == "bassaroo"), None)
    if bass is not None and answer.context.chords:
        chord = chord_at(answer.context.chords, 0.01)
        assert chord is not None
        assert bass.notes[0].pitch % 12 in (chord.bass_or_root, *chord.pitch_classes)


def test_chords_come_from_the_player_the_set_the_band_before_and_the_tune_in_that_order() -> None:
    sets = MusicalContext.plain(key="C", chords="F | C", source="set")
    own = compose_answer(order(OPEN), OPEN, POP, sets)
    assert [span.chord.symbol for span in own.context.chords] == ["C", "G"]
    tune = phrase(line(60, 64, 67, 64, 60, 62, 64, 67, 65, 64, 62, 60, 60, 64, 62, 60), 2)
    told = compose_answer(order(tune), tune, POP, sets)
    assert [span.chord.symbol for span in told.context.chords] == ["F", "C"]
    kept = compose_answer(order(tune, 3, previous=own), tune, POP, BARE)
    assert [span.chord.symbol for span in kept.context.chords] == ["C", "G"]
    foreign = phrase(line(61, 66, 70, 66, 61, 63, 66, 68, 66, 65, 63, 61, 61, 66, 63, 66), 2)
    other = compose_answer(order(foreign, 3, previous=own), foreign, POP, BARE)
    assert other.context.chords
    assert other.context.chords != own.context.chords
    alone = compose_answer(order(tune), tune, POP, BARE)
    assert alone.context.chords


def test_the_key_stays_while_the_player_stays_in_it() -> None:
    first = compose_answer(order(OPEN), OPEN, POP, BARE)
    few = phrase(line(62, 64, 67, 69, 67, 64, 62, 62), 1)
    second = compose_answer(order(few, 3, previous=first), few, POP, BARE)
    assert second.context.key.value == Key.parse("C")
    drummer = compose_answer(order(DRUMS, 3, previous=first), DRUMS, POP, BARE)
    assert drummer.context.key.value == Key.parse("C")


def test_a_named_engine_answers_alone() -> None:
    answer = compose_answer(order(OPEN, who="BassaRoo"), OPEN, POP, BARE)
    assert [part.engine for part in answer.parts] == ["bassaroo"]
    switched = compose_answer(order(None, 3, who="drums", previous=answer), None, POP, BARE)
    assert [part.engine for part in switched.parts] == ["drummaroo"]


def test_without_a_player_the_band_begins_and_continues() -> None:
    begun = compose_answer(order(None), None, POP, BARE)
    assert [part.engine for part in begun.parts] == ["drummaroo", "bassaroo", "melodyroo"]
    on = compose_answer(order(None, 3, previous=begun), None, POP, BARE)
    assert [part.engine for part in on.parts] == ["drummaroo", "bassaroo", "melodyroo"]
    assert on.parts != begun.parts
    assert on.decision.reason == "Nobody plays: the band goes on."


def test_a_phrase_finds_its_own_key_chords_and_role() -> None:
    assert CHORDS.role == "harmony"
    assert [span.chord.symbol for span in CHORDS.context.chords] == ["C", "Am", "F", "G"]
    assert (OPEN.role, LOW.role, DRUMS.role) == ("melody", "bass", "drums")
    unsure = phrase(((0, 1, 67), (1, 0.5, 64), (2, 1, 69), (4, 0.5, 65), (4.5, 0.5, 64), (5, 2, 62)), 2)
    assert {note.pitch % 12 for note in unsure.clip.notes} <= set(unsure.context.key.value.pitch_classes)  # type: ignore[union-attr]
    assert read_phrase(Clip("", 4.0), BARE) is None
    assert read_phrase(Clip("", 4.0, (Note(0.0, 60, 1.0, 90.0, mute=True),)), BARE) is None
    with pytest.raises(ParamError, match="known_beats must be 0 to 4 beats"):
        read_phrase(Clip("", 4.0, (Note(0.0, 60, 1.0, 90.0),)), BARE, known_beats=5.0)


def test_density_and_energy_follow_the_players_notes() -> None:
    sparse, dense = phrase(((0, 4, 60),), 2), phrase(line(*(60, 62) * 8, step=0.25), 1)
    assert sparse.density < 0.5 < dense.density
    assert phrase(line(60, 62), 1, velocity=30.0).energy < 0.5 < phrase(line(60, 62), 1, velocity=120.0).energy


def test_what_cannot_be_foreseen_stays_unknown() -> None:
    begun = phrase(line(60, 62), 2, known_beats=2.0)
    assert foresee(begun) == begun
    assert foresee(ODD) == ODD


@each_case("call", [BLUES, FOLK])
def test_an_answer_in_another_meter_or_style_is_in_the_calls_meter(call: Phrase) -> None:
    clip = respond(find_engine("melody"), "answer", call, ResponseRequest(STYLES["blues"]), 2)
    assert clip.meter == call.clip.meter


def test_progressions_that_reach_beyond_the_call_go_on_under_the_answer() -> None:
    longer = replace(OPEN, context=replace(OPEN.context, chords=parse_progression("C | G | Am | F")))
    answer = compose_answer(order(longer), longer, POP, BARE)
    assert [span.chord.symbol for span in answer.context.chords] == ["Am", "F"]


@each_case("seed", range(3))
def test_any_notes_in_any_meter_are_answered(seed: int) -> None:
    chance = Random(seed)
    previous = None
    for number in range(20):
        meter = Meter.parse(chance.choice(("4/4", "3/4", "6/8", "7/8", "12/8", "1/4", "5/16", "2/2", "1/8")))
        bars = 1 + int(8 * chance.random())
        length = bars * meter.bar_beats
        notes = [
            Note(
                0.999 * length * chance.random(),
                int(128 * chance.random()),
                chance.choice((0.02, 0.25, 1.0, 7.0)),
                1.0 + 126.0 * chance.random(),
            )
            for _ in range(chance.choice((1, 2, 5, 20, 80)))
        ]
        clip = Clip.of("call", length, end_before_next(notes), meter)
        context = chance.choice((MusicalContext(), MusicalContext.plain(60.0, meter, "A Hirajoshi", "Am F | C G7")))
        call = read_phrase(clip, context, chance.choice((None, length * chance.random())))
        assert call is not None
        ask = ResponseRequest(
            STYLES[chance.choice(sorted(STYLES))], complexity=chance.random(), humanise=chance.random()
        )
        for manner in MANNERS if call.role != "drums" else ("answer", "continue", "accompany"):
            clip = respond(chance.choice(ENGINES), manner, call, ask, number)
            assert clip.length == length
        previous = compose_answer(order(call, number, previous=previous), call, ask, MusicalContext())
        assert all(part.clip.length == pytest.approx(length) for part in previous.parts)


def test_roles_of_the_set_are_left_out_and_used_as_context() -> None:
    drums = accompany(find_engine("drums"), OPEN, POP, 1)
    playing = replace(BARE, parts=(Part("drums", "Drums", drums),))
    answer = compose_answer(order(OPEN), OPEN, POP, playing)
    assert [part.engine for part in answer.parts] == ["bassaroo", "melodyroo"]
    kicks = {grid_position(note.start) for note in drums.notes if note.pitch in KICK_PITCHES}
    bass = [grid_position(note.start) for note in answer.parts[0].clip.notes]
    assert sum(start in kicks for start in bass) >= len(kicks) // 2
    begun = compose_answer(order(None), None, POP, playing)
    assert [part.engine for part in begun.parts] == ["bassaroo", "melodyroo"]
