"""Captured bars: which bars and notes they contain, and where the notes are placed."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.capture.bars import (
    CaptureRequest,
    NothingPlayed,
    capture_bars,
    capture_between,
    capture_phrase,
)
from musearoo.engines.improvisation.listening.played_notes import Source
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.midi.groove import judge, record
from musearoo.tools.bench.midi.player import GROOVES, STYLES, Style, perform
from tests.each_case import each_case
from tests.engines.improvisation.some_playing import BPM, play
from tests.engines.improvisation.some_playing import Key as Struck

MS = BPM / 60_000.0
"""Quarters in a millisecond."""

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def quarters(start: float, count: int, late: float = 0.0) -> list[Struck]:
    """A scale in quarters from a beat on."""
    return [(start + n + late, 0.8, SCALE[n % 8]) for n in range(count)]


def shown(clip: Clip, digits: int = 2) -> list[tuple[float, float, int]]:
    return [(round(note.start, digits), round(note.duration, digits), note.pitch) for note in clip.notes]


# Which bars


def test_the_last_bars_on_the_grid_of_the_set() -> None:
    captured = capture_bars(play(quarters(8.0, 16)), 2)
    assert captured.start == 16.0
    assert captured.clip.length == 8.0
    assert shown(captured.clip) == [(float(n), 0.8, SCALE[n]) for n in range(8)]
    assert captured.positions == tuple(float(n) for n in range(8))
    assert (captured.bpm, captured.tempo_confidence, captured.is_free) == (120.0, 1.0, False)


def test_as_many_bars_as_were_played_where_more_are_asked_for() -> None:
    captured = capture_bars(play(quarters(5.0, 6)), 8)
    assert (captured.start, captured.clip.length) == (4.0, 8.0)
    assert [note.start for note in captured.clip.notes] == pytest.approx([1, 2, 3, 4, 5, 6], abs=0.01)


def test_a_last_note_on_the_bar_line_after_them_is_not_the_last_bar() -> None:
    recording = play(quarters(8.0, 9))
    captured = capture_bars(recording, 2)
    assert (captured.start, captured.clip.length, len(captured.clip)) == (8.0, 8.0, 8)
    # Where there is room for it, it is kept.
    assert len(capture_bars(recording, 3).clip) == 9


def test_bars_in_which_nothing_was_played_before_the_music_are_left_out() -> None:
    captured = capture_bars(play([*quarters(0.0, 4), *quarters(20.0, 4)]), 4)
    assert (captured.start, captured.clip.length) == (20.0, 4.0)


def test_the_player_may_be_early_for_the_first_bar_and_for_the_next_one() -> None:
    early = [
        (8.0 - 30 * MS, 0.5, 60),
        (10.0, 0.5, 62),
        (12.0 - 30 * MS, 0.5, 64),
        (14.0, 0.5, 65),
        (16.0 - 30 * MS, 0.5, 67),
    ]
    captured = capture_between(play(early), 8.0, 16.0)
    assert captured is not None
    assert [note.pitch for note in captured.clip.notes] == [60, 62, 64, 65]
    assert captured.positions == (0.0, 2.0, 4.0, 6.0)
    assert captured.clip.notes[0].start == 0.0


def test_the_last_phrase_begins_after_a_silence() -> None:
    captured = capture_phrase(play([*quarters(0.0, 7), *quarters(13.0, 6)]))
    assert (captured.start, captured.clip.length, len(captured.clip)) == (12.0, 8.0, 6)
    # A rest of two beats parts nothing.
    assert len(capture_phrase(play([*quarters(0.0, 6), *quarters(8.0, 4)])).clip) == 10


def test_turns_are_cut_where_they_are_asked_for_and_unplayed_bars_stay_silent() -> None:
    recording = play(quarters(8.0, 8))
    captured = capture_between(recording, 8.0, 24.0)
    assert captured is not None
    assert (captured.start, captured.clip.length, len(captured.clip)) == (8.0, 16.0, 8)
    assert capture_between(recording, 16.0, 24.0) is None
    assert capture_between(recording, 0.0, 8.0) is None


def test_two_rounds_of_a_loop_are_as_long_as_they_lasted() -> None:
    player = PlayerListener()
    for round_ in range(2):
        for step in range(80):
            beat, seconds = step / 10.0, round_ * 4.0 + step * 0.05
            player.clock(beat, seconds, 120.0, True)
            if step % 10 == 0:
                player.hear(beat, seconds, bytes((0x90, SCALE[step // 10] + round_, 80)))
            if step % 10 == 8:
                player.hear(beat, seconds, bytes((0x80, SCALE[step // 10] + round_, 64)))
    captured = capture_bars(player.recording(7.9, 7.95), 4)
    assert captured.clip.length == 16.0
    assert [note.pitch for note in captured.clip.notes] == [*SCALE, *(pitch + 1 for pitch in SCALE)]
    # By the set's beats of now: the round before began a round ago.
    assert captured.start == -8.0
    turn = capture_between(player.recording(7.9, 7.95), 0.0, 8.0)
    assert turn is not None
    assert [note.pitch for note in turn.clip.notes] == [pitch + 1 for pitch in SCALE]


def test_nothing_played_raises() -> None:
    player = PlayerListener()
    with pytest.raises(NothingPlayed, match="play something"):
        capture_bars(player.recording(0.0, 0.0), 8)
    with pytest.raises(NothingPlayed):
        capture_phrase(player.recording(0.0, 0.0))
    assert capture_between(player.recording(0.0, 0.0), 0.0, 4.0) is None


def test_bars_out_of_bounds_raise() -> None:
    recording = play(quarters(0.0, 4))
    with pytest.raises(ParamError, match="bars must be 1 to 64"):
        capture_bars(recording, 65)
    with pytest.raises(ParamError, match="strength"):
        CaptureRequest(strength=1.5)
    with pytest.raises(ParamError, match="pedal"):
        CaptureRequest(pedal="half")  # type: ignore[arg-type]


# Which notes


def test_held_notes_end_now_and_earlier_notes_are_cut() -> None:
    pad = [(6.0, 100.0, 48), (7.9, 0.3, 50), *quarters(8.0, 4)]
    captured = capture_between(play(pad, until=11.5), 8.0, 12.0)
    assert captured is not None
    # The pad sounds on from before; the short note before the bar line does not belong to it.
    assert shown(captured.clip)[0] == (0.0, 3.5, 48)
    assert 50 not in [note.pitch for note in captured.clip.notes]


def test_a_pad_that_was_struck_long_ago_still_sounds() -> None:
    recording = play([(0.0, 1000.0, 36), *quarters(400.0, 4)], until=404.0)
    for captured in (capture_bars(recording, 1), capture_between(recording, 400.0, 404.0)):
        assert captured is not None
        assert shown(captured.clip)[0] == (0.0, 4.0, 36)


def test_what_sounds_beyond_the_last_bar_ends_with_it() -> None:
    captured = capture_bars(play([(8.0, 1.0, 60), (11.0, 3.0, 64)]), 1)
    assert shown(captured.clip) == [(0.0, 1.0, 60), (3.0, 1.0, 64)]


def test_the_pedal_is_applied_or_kept() -> None:
    keys = [(8.0, 0.5, 60), (9.0, 0.5, 64), (10.0, 0.5, 67)]
    pedal = [(8.2, bytes((0xB0, 64, 127))), (11.0, bytes((0xB0, 64, 0))), (8.5, bytes((0xB0, 1, 30)))]
    recording = play(keys, others=pedal)
    applied = capture_bars(recording, 1)
    assert [round(note.duration, 2) for note in applied.clip.notes] == [3.0, 2.0, 1.0]
    assert [data[1] for _, data in applied.controls] == [1]
    kept = capture_bars(recording, 1, CaptureRequest(pedal="kept"))
    assert [round(note.duration, 2) for note in kept.clip.notes] == [0.5, 0.5, 0.5]
    assert [(round(beat, 2), data[1], data[2]) for beat, data in kept.controls] == [
        (0.2, 64, 127),
        (0.5, 1, 30),
        (3.0, 64, 0),
    ]


def test_one_of_several_inputs() -> None:
    player = PlayerListener()
    player.clock(0.0, 0.0, 120.0, True)
    for beat in range(4):
        player.hear(beat, beat / 2.0, bytes((0x90, 60 + beat, 80)), "keys")
        player.hear(beat, beat / 2.0, bytes((0x99, 36, 80)), "pads")
    recording = player.recording(4.0, 2.0)
    keys = capture_bars(recording, 1, CaptureRequest(sources=(Source("keys", 0),)))
    pads = capture_bars(recording, 1, CaptureRequest(sources=(Source("pads", 9),)))
    assert (keys.role, {note.pitch for note in keys.clip.notes}) == ("melody", {60, 61, 62, 63})
    assert (pads.role, {note.pitch for note in pads.clip.notes}) == ("drums", {36})
    assert pads.context.chords == ()


# How they lie


def test_chance_goes_and_the_groove_stays() -> None:
    chance = Random(3)
    backbeat = 15 * MS
    keys = [
        (8.0 + n / 2.0 + (backbeat if n % 4 == 2 else 0.0) + chance.gauss(0.0, 3.0) * MS, 0.2, 60) for n in range(64)
    ]
    captured = capture_bars(play(keys), 8)
    for note, place in zip(captured.clip.notes, captured.positions, strict=True):
        meant = backbeat if place % 2.0 == 1.0 else 0.0
        assert note.start - place == pytest.approx(meant, abs=3.0 * MS)
    groove = captured.context.groove.value
    assert groove is not None
    assert groove.whole is not None
    assert dict(zip(groove.whole.positions, groove.whole.offsets, strict=True))[1.0] == pytest.approx(
        backbeat, abs=3 * MS
    )


def test_as_played_nothing_moves_and_in_between_half() -> None:
    keys = [(8.0 + n + (20 * MS if n == 5 else 0.0), 0.5, 60 + n) for n in range(8)]
    recording = play(keys)
    raw, half, full = (capture_bars(recording, 2, CaptureRequest(strength=strength)) for strength in (0.0, 0.5, 1.0))
    assert [note.start for note in raw.clip.notes] == pytest.approx([start - 8.0 for start, _, _ in keys])
    assert raw.clip == raw.raw == full.raw
    middle = (raw.clip.notes[5].start + full.clip.notes[5].start) / 2.0
    assert half.clip.notes[5].start == pytest.approx(middle)
    assert full.clip.notes[5].start < raw.clip.notes[5].start - 5 * MS


def test_a_strum_stays_a_strum_and_fingers_that_do_not_meet_do() -> None:
    strum = [(9.0 + n * 9 * MS, 1.0, pitch) for n, pitch in enumerate((48, 52, 55, 60))]
    chord = [(10.0 + late * MS, 1.0, pitch) for late, pitch in ((4.0, 48), (-3.0, 52), (5.0, 55), (0.0, 60))]
    notes = capture_bars(play([*strum, *chord]), 1).clip.notes
    assert notes[3].start - notes[0].start == pytest.approx(27 * MS)
    assert max(note.start for note in notes[4:]) - min(note.start for note in notes[4:]) < 1e-9


def test_a_grace_note_keeps_its_distance() -> None:
    keys = [*quarters(8.0, 8), (13.0 - 30 * MS, 0.05, 59)]
    captured = capture_bars(play(keys), 2)
    grace = next(note for note in captured.clip.notes if note.pitch == 59)
    main = next(note for note in captured.clip.notes if note.pitch == SCALE[5])
    assert main.start - grace.start == pytest.approx(30 * MS)


def test_lengths_and_velocities_stay_as_they_were() -> None:
    performance = perform("bass", GROOVES[2], 100.0, 8, 3)
    captured = capture_bars(record(performance), 8)
    meant = {(round(note.place, 4), note.pitch): note for note in performance.notes}
    for place, note in zip(captured.positions, captured.clip.notes, strict=True):
        original = meant[round(place, 4), note.pitch]
        assert note.velocity == original.velocity
        assert note.duration == pytest.approx(min(original.length, 32.0 - note.start))


@each_case("style", STYLES)
@each_case("bpm", [84.0, 147.0])
def test_a_known_groove_is_measured_from_its_notes(style: Style, bpm: float) -> None:
    # Nobody plays triplets and swings sixteenths, or swings lightly.
    for groove in (GROOVES[1], GROOVES[7]) if style == "triplets" else GROOVES[2::3]:
        performance = perform(style, groove, bpm, 8, 11)
        judged = judge(performance, record(performance))
        assert judged.is_exact, groove.name
        assert max(judged.places) <= 5.0, groove.name
        assert max(judged.template) <= 5.0, groove.name


def test_in_seven_eight() -> None:
    keys = [(7.0 + n / 2.0 + (8 * MS if n % 7 == 2 else 0.0), 0.3, 60 + n % 7) for n in range(28)]
    captured = capture_bars(play(keys, meter=Meter(7, 8)), 4)
    assert (captured.start, captured.clip.length) == (7.0, 14.0)
    assert captured.positions == tuple(n / 2.0 for n in range(28))


# What it says of the music


def comp(roots: str, late: float) -> list[Struck]:
    chords = {"A": (57, 60, 64), "F": (53, 57, 60), "C": (55, 60, 64), "G": (55, 59, 62)}
    return [
        (8.0 + 4.0 * bar + beat + late * MS, 0.9, pitch)
        for bar, root in enumerate(roots)
        for beat in range(4)
        for pitch in chords[root]
    ]


@each_case("late", [-40.0, 0.0, 50.0])
def test_chords_change_on_the_grid_for_players_who_are_early_or_late(late: float) -> None:
    context = capture_bars(play(comp("AFCG", late)), 4).context
    assert [(span.start, span.end, span.chord.symbol) for span in context.chords] == [
        (0.0, 4.0, "Am"),
        (4.0, 8.0, "F"),
        (8.0, 12.0, "C/G"),
        (12.0, 16.0, "G"),
    ]
    assert str(context.key.value) == "A minor"
    assert context.key.source == "clip"
    assert (context.tempo.value, context.meter.value) == (120.0, Meter())


def test_the_key_of_the_set_stands() -> None:
    key = Key.parse("D dorian")
    assert capture_bars(play(comp("AFCG", 0.0)), 4, CaptureRequest(key=key)).context.key.value == key


# Without the set


def test_free_playing_is_counted_in_the_players_own_tempo() -> None:
    chance = Random(1)
    keys = [(n / 2.0 + chance.gauss(0.0, 4.0) * MS, 0.4, 40 if n % 8 == 0 else 60 + n % 5) for n in range(64)]
    captured = capture_bars(play(keys, bpm=93.0, is_free=True), 8)
    assert captured.is_free
    assert captured.start is None
    assert captured.bpm == pytest.approx(93.0, rel=0.01)
    assert captured.positions == pytest.approx([n / 2.0 for n in range(64)])
    assert captured.context.tempo.source == "clip"


def test_a_free_player_who_gets_faster_keeps_their_bars() -> None:
    keys = [
        (beat - 0.1 * beat * beat / 64.0, 0.2, 40 if beat % 4 == 0 else 64) for beat in (n / 2.0 for n in range(64))
    ]
    captured = capture_bars(play(keys, bpm=100.0, is_free=True), 8)
    assert captured.positions == pytest.approx([n / 2.0 for n in range(64)])
    assert captured.bpm == pytest.approx(105.0, rel=0.03)


def test_a_few_free_notes_are_counted_at_the_tempo_of_the_set() -> None:
    captured = capture_bars(play([(0.0, 0.5, 60), (1.0, 0.5, 62), (2.0, 0.5, 64)], bpm=100.0, is_free=True), 4)
    assert captured.bpm == pytest.approx(100.0)
    assert captured.tempo_confidence == 0.0
    assert captured.positions == pytest.approx((0.0, 1.0, 2.0))


def test_a_long_silence_ends_free_playing() -> None:
    first = [(n * 0.7, 0.3, 50) for n in range(20)]
    second = [(40.0 + n / 2.0, 0.3, 60) for n in range(32)]
    captured = capture_bars(play([*first, *second], bpm=120.0, is_free=True), 16)
    assert {note.pitch for note in captured.clip.notes} == {60}
    assert captured.bpm == pytest.approx(120.0, rel=0.01)
