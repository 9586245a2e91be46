"""The bass in a song: thin, rising, full, silent before the drop, and the last note."""

from __future__ import annotations

import pytest

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.players.bass.engine import BassParams, generate
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

CHORDS = "Am | F | C | G"


def play(style: str, section: SongSection, seed: int = 1, bars: int = 8) -> Clip:
    params = BassParams(style=STYLES[style], bars=bars, section=section, humanise=0.0)
    return generate(params, MusicalContext.plain(bpm=STYLES[style].tempo.usual, key="Am", chords=CHORDS), seed)


def mean_velocity(clip: Clip) -> float:
    return sum(note.velocity for note in clip.notes) / len(clip)


@each_case("style", ["rock", "funk", "house", "soul", "trap"])
def test_energy_makes_the_bass_louder_and_busier(style: str) -> None:
    calm = [play(style, SongSection("verse", energy=0.1), seed) for seed in range(8)]
    wild = [play(style, SongSection("chorus", energy=0.9), seed) for seed in range(8)]
    assert sum(map(len, calm)) < sum(map(len, wild))
    assert sum(map(mean_velocity, calm)) + 8 * 8.0 < sum(map(mean_velocity, wild))


def test_a_breakdown_leaves_a_long_note_a_chord() -> None:
    clip = play("disco", SongSection("breakdown", energy=0.4))
    assert [note.start for note in clip.notes] == [4.0 * bar for bar in range(8)]
    assert all(note.duration > 3.5 for note in clip.notes)


def test_a_build_gets_louder_and_drives_into_the_chorus() -> None:
    clip = play("rock", SongSection("build", energy=0.6, following=0.9))
    first = [note for note in clip.notes if note.start < 4.0]
    last = [note for note in clip.notes if note.start >= 28.0]
    assert sum(n.velocity for n in first) / len(first) < sum(n.velocity for n in last) / len(last)
    assert len(last) >= 7


def test_a_synth_leaves_the_air_before_a_drop() -> None:
    clip = play("trance", SongSection("build", energy=0.6, following=1.0))
    assert max(note.end for note in clip.notes) <= 30.0
    assert max(note.end for note in play("trance", SongSection("verse", energy=0.6)).notes) > 30.0


@each_case("style", list(STYLES))
def test_the_last_bar_of_a_song_is_one_long_root(style: str) -> None:
    clip = play(style, SongSection("outro", energy=0.5, ends_song=True))
    last = [note for note in clip.notes if note.start >= 27.9]
    assert [note.pitch % 12 for note in last if note.duration > 1.0] == [7]
    assert last[-1].end == pytest.approx(32.0)


def test_a_build_mostly_stays_on_a_pedal_while_the_chords_move() -> None:
    def basses(kind: SectionKind) -> list[set[int]]:
        clips = [play("trance", SongSection(kind, energy=0.5), seed) for seed in range(8)]
        return [{note.pitch % 12 for note in clip.notes if note.start < 12.0} for clip in clips]

    assert basses("build").count({9}) >= 4
    assert basses("verse").count({9}) == 0


def test_a_long_take_turns_to_another_line_and_comes_back() -> None:
    """Sixteen bars on, the first eight bars' rhythm is there again; between them, for some seed, another."""
    turned = 0
    for seed in range(8):
        clip = play("soul", SongSection(), seed, bars=24)
        rhythm = [
            [round(n.start - 32.0 * part, 2) for n in clip.notes if 0 <= n.start - 32.0 * part < 12.0]
            for part in range(3)
        ]
        assert len(set(rhythm[0]) ^ set(rhythm[2])) <= len(rhythm[0])
        turned += len(set(rhythm[0]) ^ set(rhythm[1])) > len(set(rhythm[0]) ^ set(rhythm[2]))
    assert turned >= 4
