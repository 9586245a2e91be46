"""Progressions: complete, in key, closed as the form requires, and in style."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import msgspec
import pytest

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.numeral import Numeral, parse_numeral
from musearoo.engines.music.progression import ChordSpan, format_progression, parse_progression
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.chords.colours import colour
from musearoo.engines.players.chords.corpora import CHAINS
from musearoo.engines.players.chords.numeral_slots import Slot
from musearoo.engines.players.chords.phrases import write_phrase
from musearoo.engines.players.chords.progressions import (
    compose_progression,
    lead_into_key,
    transpose_progression,
    vamp_in_key,
)
from musearoo.engines.players.chords.units import usual_key
from musearoo.engines.players.chords.walks import walk
from musearoo.engines.styles.reading import parse_style
from tests.each_case import each_case
from tests.engines.presets_on_disk import DATA, STYLES

FOUR = Meter(4, 4)


def written(spans: tuple[ChordSpan, ...], bars: int, meter: Meter = FOUR) -> str:
    return format_progression(spans, meter, bars)


def check_whole(spans: tuple[ChordSpan, ...], length: float) -> None:
    """Chords follow each other from the beginning to the end."""
    assert spans[0].start == 0.0
    assert spans[-1].end == pytest.approx(length)
    assert all(a.end == pytest.approx(b.start) for a, b in pairwise(spans))


@each_case("style", STYLES)
@each_case("meter", ["4/4", "3/4", "7/8", "12/8", "2/4", "15/16"])
def test_progressions_fill_their_bars(style: str, meter: str) -> None:
    signature = Meter.parse(meter)
    for bars, kind in ((1, "loop"), (3, "verse"), (8, "pre_chorus"), (12, "solo"), (32, "head")):
        section = SongSection(kind, ends_song=bars == 3)  # type: ignore[arg-type]
        spans = compose_progression(STYLES[style], None, signature, bars, section, 0.7, bars)
        check_whole(spans, bars * signature.bar_beats)


@each_case("scale", SCALES)
def test_every_scale_has_harmony_of_its_own(scale: str) -> None:
    key = Key(2, scale)
    for style in ("pop", "jazz swing", "techno"):
        for seed in range(3):
            spans = compose_progression(STYLES[style], key, FOUR, 4, seed=seed)
            check_whole(spans, 16.0)
            if scale not in ("Major", "Minor", "Harmonic Minor", "Melodic Minor"):
                strange = {tone for span in spans for tone in span.chord.pitch_classes} - set(key.pitch_classes)
                assert not strange, f"{[str(span.chord) for span in spans]} in {key}"


def test_a_second_chorus_is_the_first_again() -> None:
    first, second = (
        compose_progression(STYLES["pop"], None, FOUR, 8, SongSection("chorus", number=number), 0.5, 3)
        for number in (0, 1)
    )
    assert first == second


def test_seeds_bring_different_songs() -> None:
    for style in ("pop", "jazz swing", "soul", "classical", "rock"):
        songs = {
            written(compose_progression(STYLES[style], None, FOUR, 8, SongSection("verse"), 0.5, seed), 8)
            for seed in range(12)
        }
        assert len(songs) >= 5, style


@each_case("style", STYLES)
def test_a_song_ends_at_home(style: str) -> None:
    for seed in range(4):
        for bars in (1, 4, 8):
            section = SongSection("chorus", ends_song=True)
            last = compose_progression(STYLES[style], Key.parse("D minor"), FOUR, bars, section, 0.5, seed)[-1]
            assert last.chord.root == 2
            assert last.end - last.start >= 4.0


def test_what_rises_stops_on_the_dominant_and_what_does_not_seldom_does() -> None:
    def half_closes(section: SongSection) -> int:
        takes = [compose_progression(STYLES["classical"], Key(0), FOUR, 8, section, 0.5, seed) for seed in range(20)]
        return sum(take[-1].chord.root == 7 and take[-1].start <= 28.0 for take in takes)

    assert half_closes(SongSection("pre_chorus")) >= 14
    assert half_closes(SongSection("pre_chorus")) > half_closes(SongSection("chorus"))


def test_a_blues_of_twelve_bars_is_one() -> None:
    for seed in range(8):
        for bars in (12, 24):
            spans = compose_progression(STYLES["blues"], Key.parse("A"), FOUR, bars, SongSection("solo"), 0.0, seed)
            roots = [next(s.chord.root for s in reversed(spans) if s.start <= bar * 4.0) for bar in range(12)]
            assert [roots[bar] for bar in (0, 2, 4, 6, 8)] == [9, 9, 2, 9, roots[8]]
            assert roots[8] in (4, 11)  # the dominant, or the second before it


def test_a_theme_of_thirty_two_bars_has_a_bridge() -> None:
    themes = 0
    for seed in range(12):
        spans = compose_progression(STYLES["jazz swing"], Key.parse("C"), FOUR, 32, SongSection("head"), 0.0, seed)
        quarters = [
            tuple((span.start - part, str(span.chord)) for span in spans if part <= span.start < part + 24.0)
            for part in (0.0, 32.0, 64.0, 96.0)
        ]
        themes += quarters[0] == quarters[1] == quarters[3] != quarters[2]
    assert themes >= 8


def test_complexity_brings_substitutions() -> None:
    def changes(complexity: float) -> int:
        return sum(
            len(compose_progression(STYLES["jazz swing"], Key(0), FOUR, 8, SongSection("verse"), complexity, seed))
            for seed in range(20)
        )

    assert changes(0.0) < changes(0.5) < changes(1.0)


def test_the_key_is_where_the_style_is_at_home() -> None:
    assert str(usual_key(STYLES["funk"])) == "E mixolydian"
    plain = parse_style({**DATA["rock"], "name": "mine", "vamp": "Dm7 | G7 | Cmaj7 | A7", "harmony": {}})
    assert str(usual_key(plain)) == "C major"


def test_a_style_without_harmony_plays_its_vamp_and_what_pop_songs_do() -> None:
    plain = parse_style({**DATA["rock"], "name": "mine", "vamp": "Dm | Bb | C", "harmony": {}})
    assert written(vamp_in_key(plain, Key.parse("Em"), FOUR), 3) == "Em | C | D"
    for seed in range(4):
        check_whole(compose_progression(plain, None, FOUR, 8, seed=seed), 32.0)


def test_a_third_in_the_bass_keeps_a_dominant_from_being_suspended() -> None:
    style = msgspec.structs.replace(STYLES["pop"].harmony, colour=1.0, colours={"dom": {"sus4(b7)": 1.0}})
    for bass, quality in ((0, "sus4(b7)"), (7, "sus4(b7)"), (4, "maj")):
        slots = (Slot(0.0, 4.0, Numeral(7, "maj", bass)),)
        assert colour(slots, style, Key.parse("C"), 1.0, Random(1))[0].numeral.quality == quality, bass


def test_the_vamp_keeps_its_mode_or_takes_the_other_ones_progression() -> None:
    assert written(vamp_in_key(STYLES["house"], Key.parse("F#m"), FOUR), 4) == "F#m7 | F#m7 | Dmaj7 | C#m7"
    assert written(vamp_in_key(STYLES["house"], Key.parse("C"), FOUR), 4) == "F | G | Am | C"
    assert vamp_in_key(STYLES["house"], Key.parse("F#m"), Meter(3, 4))[-1].end == 12.0


def test_an_empty_bar_of_a_vamp_keeps_the_chord_before_it() -> None:
    for vamp, chords in (
        ("Am G | N.C. | F", "Am G | G | F"),
        ("N.C. | Am | G", "G | Am | G"),
        ("N.C. | Am | %", "Am | Am | Am"),
    ):
        plain = parse_style({**DATA["rock"], "name": "mine", "vamp": vamp, "harmony": {"key": "Am"}})
        assert written(vamp_in_key(plain, Key.parse("Am"), FOUR), 3) == chords, vamp


def test_a_change_of_key_is_led_into() -> None:
    spans = parse_progression("C | F | G | C")
    assert str(transpose_progression(spans, 2)[1].chord) == "G"
    assert written(lead_into_key(spans, Key.parse("Dm"), FOUR), 4) == "C | F | G | Em7b5 A7"
    assert lead_into_key(parse_progression("C", Meter(1, 4)), Key.parse("D"), Meter(1, 4))[-1].chord == Chord(9, "7")


@each_case("mode", ["major", "minor"])
def test_phrases_close_or_stay_open(mode: str) -> None:
    for seed in range(10):
        for count in (1, 2, 3, 4, 7, 8, 16):
            closed = write_phrase(count, mode, True, Random(seed))  # type: ignore[arg-type]
            opened = write_phrase(count, mode, False, Random(seed))  # type: ignore[arg-type]
            assert len(closed) == len(opened) == count
            assert closed[-1].step == 0
            assert opened[-1].step in (7, 10)


def test_walks_keep_to_what_follows_in_the_corpus() -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(60):
        chords = [str(chord) for chord in walk({"folk": 1.0}, "major", 8, Random(seed))]
        assert chords[0] == "I"
        seen.update(pairwise(chords))
    known = CHAINS["folk"]["major"]
    heard = sum(times for (before, after), times in seen.items() if after in known.get(before, {}))
    assert heard / seen.total() > 0.97
    assert seen["V7", "I"] + seen["V", "I"] > seen["ii", "I"]


def test_the_tables_of_the_corpora_are_chances() -> None:
    for family in CHAINS.values():
        for rows in family.values():
            for name, row in rows.items():
                parse_numeral(name)
                assert sum(row.values()) == pytest.approx(1.0, abs=0.02)


@each_case("style", STYLES)
def test_a_bass_is_a_tone_of_its_chord(style: str) -> None:
    for seed in range(6):
        spans = compose_progression(STYLES[style], Key.parse("C"), Meter(), 8, SongSection("verse"), 1.0, seed)
        assert all(span.chord.bass is None or span.chord.bass in span.chord.pitch_classes for span in spans)
