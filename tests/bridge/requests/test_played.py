"""Presses about what was played in: where it goes, what answers it, and what of it others play to."""

import math
from dataclasses import replace
from typing import Any

import pytest

from musearoo.bridge.core.composing import Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.protocol import (
    MANNERS,
    Audition,
    CreateClip,
    CreateTrack,
    Generate,
    Keep,
    PlayJam,
    Refusal,
    Selection,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.generate import compose, read_request, with_played
from musearoo.bridge.requests.played import (
    JamReading,
    Played,
    compose_response,
    compose_turn,
    keep_played,
    read_jam,
    read_keep,
)
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.scene.clips import ScenePart
from musearoo.engines.improvisation.jam.composing import Compose as ComposeTurn
from musearoo.engines.improvisation.jam.deciding import Memory
from musearoo.engines.improvisation.jam.responding import MANNERS as ENGINES_MANNERS
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.band.fallbacks import play_in_order
from tests.bridge.core.some_playing import AT, CHORDS, a_recording, a_tune, chords_played
from tests.bridge.requests.test_generate import INTRO, KEYS, a_press, a_set, styles
from tests.each_case import each_case

TUNE = Played(a_recording(a_tune(), 16.0))
HARMONY = Played(a_recording(chords_played(), 16.0))
NOTHING = Played(a_recording((), 16.0))


def a_keep(**changed: Any) -> Keep:
    return replace(Keep(500, 1, 2, 1.0, 0, 0, 0), **changed)


def kept(keep: Keep, played: Played | None = TUNE) -> tuple[Message, ...]:
    return keep_played(read_keep(a_set(), keep), keep, played, "device-1:1", 99.0).messages


def clip_of(messages: tuple[Message, ...]) -> CreateClip:
    (clip,) = [message for message in messages if isinstance(message, CreateClip)]
    return clip


def test_the_last_bars_are_kept_as_one_transaction() -> None:
    head, clip = kept(a_keep())
    assert head == Transaction("device-1:1", 99.0)
    assert isinstance(clip, CreateClip)
    assert (clip.length, clip.name, clip.looping) == (8.0, "Played", 1)
    played = sorted((note.start, note.pitch) for note in decode_notes(clip.notes))
    wanted = [(4.0 * bar + start, pitch) for bar in range(2) for start, pitch, _ in a_tune()[:5]]
    assert [pitch for _, pitch in played] == [pitch for _, pitch in wanted]
    assert all(math.isclose(start, place, abs_tol=0.02) for (start, _), (place, _) in zip(played, wanted, strict=True))


def test_the_last_phrase_is_kept_without_counting_bars() -> None:
    assert clip_of(kept(a_keep(bars=-1))).length == 16.0


def test_a_new_track_is_named_for_what_was_played() -> None:
    track, clip = kept(a_keep(track=-1))[1:]
    assert isinstance(track, CreateTrack)
    assert track.name == "Played"
    assert isinstance(clip, CreateClip)
    assert clip.track == -1


@each_case("played", [None, NOTHING])
def test_what_was_not_played_cannot_be_kept(played: Played | None) -> None:
    with pytest.raises(RequestError, match=r"play something") as refused:
        kept(a_keep(), played)
    assert refused.value.code is Refusal.GONE


def test_who_played_in_a_tempo_of_their_own_is_told_both_tempi() -> None:
    for bpm, is_told in ((100.0, True), (133.7, False)):
        player = PlayerListener()
        player.clock(0.0, AT, 120.0, is_running=False)
        for number in range(24):
            second = AT + number * 30.0 / bpm
            player.hear(0.0, second, bytes((0x90, 60 + number % 4, 100 if number % 2 else 120)))
            player.hear(0.0, second + 0.2, bytes((0x80, 60 + number % 4, 64)))
        played = Played(player.recording(0.0, AT + 24 * 30.0 / bpm))
        keep = a_keep(bars=-1)
        told = keep_played(read_keep(a_set(), keep), keep, played, "device-1:1", 99.0).notices
        # The set goes at 133.7: who played as fast needs to be told nothing.
        assert bool(told) == is_told, f"{bpm:g} BPM"
        assert all(f"{round(bpm)} BPM" in sentence and "134 BPM" in sentence for sentence in told)


def test_a_track_that_has_gone_is_told() -> None:
    with pytest.raises(RequestError, match=r"^Track 78 is not in the set any more") as refused:
        read_keep(a_set(), a_keep(track=77))
    assert refused.value.code is Refusal.GONE


def test_the_table_and_the_engines_know_the_same_manners() -> None:
    assert set(MANNERS) == {"", *ENGINES_MANNERS}


def answered(played: Played | None, **changed: Any) -> tuple[Message, ...]:
    press = a_press(**{"engine": "melodyroo", "bars": 4, "to_played": "answer", **changed})
    reading = read_request(a_set(), press)
    return compose_response(reading, press, styles(), "device-1:1", 48_000, 99.0, played).messages


@each_case("manner", ENGINES_MANNERS)
def test_an_engine_plays_to_what_was_played(manner: str) -> None:
    clip = clip_of(answered(TUNE, to_played=manner))
    assert decode_notes(clip.notes)
    assert clip.length == 16.0, "as long as what was played"
    assert clip == clip_of(answered(TUNE, to_played=manner)), "the same playing and seed give the same notes"


def test_where_nothing_was_played_nobody_answers() -> None:
    for played in (None, NOTHING):
        with pytest.raises(RequestError, match=r"play something") as refused:
            answered(played)
        assert refused.value.code is Refusal.GONE


def test_the_band_as_a_whole_does_not_answer() -> None:
    press = Compose((500, 1), 1, "r", a_press(engine="band", to_played="answer"), 48_000, 9.0)
    with pytest.raises(RequestError, match=r"^One engine answers"):
        prepare_composition(a_set(), press, Players(ENGINES, styles(), play_in_order), 99.0, lambda _: None, TUNE)


# --- what others play to ---------------------------------------------------------------------------------------------


def test_chords_that_are_played_are_played_to_where_the_scene_has_none() -> None:
    context = HARMONY.context()
    assert context is not None
    assert [span.chord.symbol for span in context.chords] == list(CHORDS)
    held = replace(HARMONY, held=Chord.parse("Dm7")).context()
    assert held is not None
    assert [(span.end, span.chord.symbol) for span in held.chords] == [(4.0, "Dm7")], "what is held comes first"
    assert replace(HARMONY, is_fresh=False).context() is None, "long ago nobody plays along"
    assert NOTHING.context() is None


def bass_over(played: Played | None) -> set[int]:
    """The pitch classes on the first beats of four bars of bass in a scene without harmony."""
    press: Generate = a_press(engine="bassaroo", bars=4, track=-1, scene=1, complexity=0.0)
    reading = replace(read_request(a_set(), press), neighbours=())
    # A set without a scale of its own: only what is played tells of harmony.
    reading = replace(reading, song=replace(reading.song, scale_mode=0))
    overhear = played.context if played is not None else lambda: None
    made = compose(reading, press, styles(), "device-1:1", 48_000, 99.0, overhear)
    notes = decode_notes(clip_of(made.messages).notes)
    first = [[note for note in notes if 4.0 * bar - 0.1 <= note.start < 4.0 * bar + 2.0] for bar in range(4)]
    return {min(inside, key=lambda note: note.start).pitch % 12 for inside in first}


def test_a_bass_follows_the_chords_that_were_played() -> None:
    roots = {Chord.parse(symbol).root for symbol in CHORDS}
    assert bass_over(HARMONY) == roots
    assert bass_over(replace(HARMONY, held=Chord.parse("Dm"))) == {2}


def test_a_scene_keeps_its_own_chords_and_key() -> None:
    own = MusicalContext.plain(key="Eb", chords="Eb Ab")
    assert with_played(own, HARMONY.context) == own
    keyless = replace(own, key=Estimate(None, 0.0, "guess"))
    lent = with_played(keyless, HARMONY.context)
    assert lent.chords == own.chords
    assert lent.key.value is not None, "the key is the player's, where only that is not known"


# --- the jam ---------------------------------------------------------------------------------------------------------


def a_turn(has_played: bool) -> ComposeTurn:
    """The band's first turn of four bars, after four bars of the player's."""
    return ComposeTurn(1, "final", 16.0, 4, has_played, 0.0, 16.0, 16.0, "", 5, Memory(), None)


def test_a_turn_answers_what_was_played_in_the_turn_before() -> None:
    mirror = a_set()
    assert mirror.song is not None
    jam = PlayJam(500, 1, 1, 4, "", "", 0.5, 5)
    answer = compose_turn(JamReading(mirror.song, (), False), a_turn(True), jam, TUNE.recording, styles(), ENGINES)
    assert answer.parts
    assert all(part.clip.length == 16.0 for part in answer.parts)
    assert "You played" in answer.decision.reason
    begun = compose_turn(JamReading(mirror.song, (), False), a_turn(False), jam, TUNE.recording, styles(), ENGINES)
    assert "You played" not in begun.decision.reason


def test_a_jam_takes_up_the_scene_that_plays_and_leaves_it_its_parts() -> None:
    still = read_jam(a_set(), lambda _: None)
    assert (len(still.neighbours), still.is_sounding) == (1, False), "the selected scene"
    going = a_set(Selection(KEYS, INTRO, 0), replace(a_set().clips[20], is_playing=1))
    playing = read_jam(going, lambda _: None)
    assert (len(playing.neighbours), playing.is_sounding) == (1, True)
    jam = PlayJam(500, 1, 1, 4, "", "", 0.5, 5)
    for reading in (still, playing):
        answer = compose_turn(reading, a_turn(True), jam, TUNE.recording, styles(), ENGINES)
        assert answer.parts


# --- a clip of the set -----------------------------------------------------------------------------------------------


def read(request: Any, **changed: Any) -> Any:
    press = replace(Compose((500, 1), 1, "device-1:1", request, 48_000, 9.0), **changed)
    return prepare_composition(a_set(), press, Players(ENGINES, styles(), play_in_order), 99.0, lambda _: None)


def test_what_is_kept_is_written_under_the_name_of_its_own_press() -> None:
    clip = CreateClip(1, 2, 1, 8.0, "Drums", -1, 1, 4, 4, b"")
    made = read(Keep(500, 1, 0, 1.0, -1, -1, 0), kept=(Transaction("device-1:7", 5.0), clip))()
    assert made.messages == (Transaction("device-1:1", 99.0), clip)
    with pytest.raises(RequestError, match=r"^Nothing is heard any more"):
        read(Keep(500, 1, 0, 1.0, -1, -1, 0))


def test_an_empty_slot_cannot_be_heard() -> None:
    with pytest.raises(RequestError, match=r"no clip"):
        read(Audition(500, 1, 1, 0, 0))


def test_the_chords_of_a_scene_go_on_where_the_turn_begins() -> None:
    """They come round from the set's beginning on: a turn that begins in their middle begins with what sounds there."""
    mirror = a_set()
    assert mirror.song is not None
    chords = [Note(0.0, pitch, 4.0, 90.0) for pitch in (57, 60, 64)] + [
        Note(4.0, pitch, 4.0, 90.0) for pitch in (53, 57, 60)
    ]
    scene = (ScenePart("Keys", Clip.of("chords", 8.0, chords)),)
    jam = PlayJam(500, 1, 1, 4, "", "", 0.5, 5)
    cases: tuple[tuple[float, list[tuple[float, float, int]]], ...] = (
        (0.0, [(0.0, 4.0, 9), (4.0, 8.0, 5)]),
        (16.0, [(0.0, 4.0, 9), (4.0, 8.0, 5)]),
        (20.0, [(0.0, 4.0, 5), (4.0, 8.0, 9)]),
        (6.0, [(0.0, 2.0, 5), (2.0, 6.0, 9), (6.0, 8.0, 5)]),
        (1.0, [(0.0, 3.0, 9), (3.0, 7.0, 5), (7.0, 8.0, 9)]),
    )
    for start, spans in cases:
        turn = replace(a_turn(False), start=start)
        for is_sounding in (False, True):
            reading = JamReading(mirror.song, scene, is_sounding)
            context = compose_turn(reading, turn, jam, TUNE.recording, styles(), ENGINES).context
            found = [(span.start, span.end, span.chord.root) for span in context.chords]
            assert found == spans, f"from beat {start:g}"
            assert len(context.parts) == is_sounding, "what nobody hears is nobody's part"
