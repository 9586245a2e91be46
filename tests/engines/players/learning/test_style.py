"""Learning a whole style: it is readable, playable, and most similar to its source songs."""

from collections.abc import Sequence
from dataclasses import replace
from math import fsum

import pytest
from msgspec import structs

from musearoo.engines.analysis.traits.drum_pattern import find_pattern
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.song import decode_midi_file, encode_midi_file
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.players.learning.song import SourceSong, read_song
from musearoo.engines.players.learning.style import learn_style, nearest_style
from musearoo.engines.players.learning.writing import write_style
from musearoo.engines.styles.reading import read_mapping
from musearoo.engines.styles.schema import Style
from tests.each_case import each_case
from tests.engines.players.learning.songs import drummed, heard_from_file, play_songs, song_of, songs_in
from tests.engines.presets_on_disk import STYLES

TAUGHT = ("funk", "house", "bossa nova", "jazz swing")


def figures_of(songs: Sequence[SourceSong]) -> list[float]:
    """How often kick, snare, cymbals, bass and chords are struck on each sixteenth, and the bass in which degree."""
    sums = [0.0] * (5 * 16 + 12)
    for song in songs:
        strokes = [
            (song.swing.unwarp(note.start), KIND_OF_PITCH[note.pitch], note.velocity)
            for note in song.notes("drums")
            if note.pitch in KIND_OF_PITCH
        ]
        beats = [float(beat) for beat in range(4 * len(song.bars) + 1)]
        pattern = find_pattern(strokes, beats, song.bars, None)
        assert pattern is not None
        rows = [*pattern.kick, *pattern.snare, *pattern.cymbals]
        for role in ("bass", "harmony"):
            row = [0.0] * 16
            for note in song.notes(role):
                row[round(song.swing.unwarp(note.start) * 4) % 16] += 0.2 / len(song.bars)
            rows += row
        degrees = [0.0] * 12
        for note in song.notes("bass"):
            chord = next(span.chord for span in reversed(song.chords) if span.start <= note.start + 0.05)
            degrees[(note.pitch - chord.root) % 12] += 1.0 / len(song.notes("bass"))
        sums = [total + own / len(songs) for total, own in zip(sums, rows + degrees, strict=True)]
    return sums


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    return fsum(abs(own - its) for own, its in zip(one, other, strict=True))


@each_case("taught", TAUGHT)
def test_a_learned_style_plays_more_like_its_teachers_than_like_others(taught: str) -> None:
    learned = learn_style(songs_in(taught), "my own", STYLES["rock"])
    assert learned.learned == ("drums", "bass", "harmony")
    takes = figures_of(play_songs(learned.style, 6, first=100))
    away = {name: distance(takes, figures_of(songs_in(name))) for name in TAUGHT}
    assert min(away, key=lambda name: away[name]) == taught
    assert away[taught] < 0.7 * distance(takes, figures_of(play_songs(STYLES["rock"], 6)))


def test_a_written_style_reads_back_equal() -> None:
    learned = learn_style(songs_in("funk", 6), "my own", STYLES["soul"])
    assert read_mapping(write_style(learned.data, "two\nlines")) == learned.data
    assert learned.style.based_on == "soul"
    assert learned.missing == ("melody (8 bars of melody)",)
    assert learned.style.melody == STYLES["soul"].melody


def test_the_same_songs_teach_the_same() -> None:
    songs = songs_in("house", 6)
    once, again = (learn_style(songs, "my own", STYLES["pop"]) for _ in range(2))
    assert write_style(once.data, "") == write_style(again.data, "")


def test_songs_read_from_files_equal_the_played_ones() -> None:
    played = songs_in("house", 6)[1]
    heard = heard_from_file(played)
    assert (heard.meter, heard.bars) == (played.meter, played.bars)
    assert heard.bpm == pytest.approx(played.bpm, abs=0.01)
    assert {part.role for part in heard.parts} == {"drums", "bass", "harmony"}
    assert heard.has_swing_evidence
    assert heard.swing.pair == 0.5
    assert heard.swing.ratio == pytest.approx(played.swing.ratio, abs=0.08)
    assert nearest_style([heard], STYLES).name in ("house", "deep house")


def test_the_tempo_of_a_file_without_one_is_estimated() -> None:
    played = songs_in("house", 6)[1]
    file = decode_midi_file(encode_midi_file({part.name: part.clip for part in played.parts}, played.bpm))
    slower = 120.0 / played.bpm  # on paper the file runs at 120
    parts = {
        name: Clip.of(
            name,
            clip.length * slower,
            [structs.replace(note, start=note.start * slower) for note in clip.notes],
            clip.meter,
        )
        for name, clip in file.parts.items()
    }
    song = replace(file, parts=parts, tempos=TempoMap(((0.0, 120.0),)), has_tempo=False)
    assert read_song("played in", song, STYLES).bpm == pytest.approx(played.bpm, rel=0.02)


def test_swing_is_learned_from_the_songs_that_tell() -> None:
    songs = [heard_from_file(song) for song in songs_in("jazz swing", 3)]
    swing = learn_style(songs, "my own", STYLES["rock"]).style.swing
    assert swing.pair == "eighths"
    assert swing.ratio == pytest.approx(STYLES["jazz swing"].swing.ratio, abs=0.15)
    few = [replace(song, swing=STYLES["rock"].swing.swing, has_swing_evidence=False) for song in songs_in("rock", 20)]
    assert learn_style([*few, *songs], "my own", STYLES["rock"]).style.swing.ratio == 1.0


def test_a_style_of_one_part_rests_on_its_base_for_the_others() -> None:
    rows = {36: "X... X... X... X...", 42: "..x. ..x. ..x. ..x."}
    learned = learn_style([song_of("drums", drummed(rows, 8), 8)], "thump", STYLES["rock"])
    assert learned.learned == ("drums",)
    assert learned.style.drums.players == "machine"
    assert learned.style.bass == STYLES["rock"].bass
    assert (learned.style.vamp, learned.style.drums.fills) == (STYLES["rock"].vamp, STYLES["rock"].drums.fills)


def test_songs_in_other_meters_are_left_out_and_named() -> None:
    songs = songs_in("funk", 6)
    waltz = replace(songs[0], name="waltz", meter=Meter(3, 4), bars=(0.0, 3.0))
    assert learn_style([*songs, waltz], "my own", STYLES["funk"]).left_out == ("waltz",)


@each_case("meter", ["3/4", "6/8"])
def test_waltzes_make_a_style_as_well(meter: str) -> None:
    signature = Meter.parse(meter)
    bars = tuple(bar * signature.bar_beats for bar in range(8))
    songs = [replace(song, meter=signature, bars=bars) for song in songs_in("funk", 6)]
    style: Style = learn_style(songs, "my own", STYLES["ballad"]).style
    assert style.meters == {}
    assert all(len(bar) == 4 for groove in style.drums.grooves for bar in groove.kick.bars)


def test_too_little_material_raises_with_what_is_missing() -> None:
    short = song_of("drums", drummed({36: "X... .... .... ...."}, 2), 2)
    with pytest.raises(ParamError, match=r"4 bars of drums, or 4 bars of bass.*1 song of 2 bars"):
        learn_style([short], "my own", STYLES["rock"])
    with pytest.raises(ParamError, match="at least one"):
        learn_style([], "my own", STYLES["rock"])
