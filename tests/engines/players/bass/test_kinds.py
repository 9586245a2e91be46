"""The kinds of bass in the styles, each with its defining property."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec import structs

from musearoo.engines.errors import PresetError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.bass.engine import BassParams, generate
from musearoo.engines.players.bass.fingering import find_bass_faults
from musearoo.engines.styles.bass_instruments import INSTRUMENTS
from musearoo.engines.styles.reading import parse_style
from musearoo.engines.styles.schema import Style
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES, rock_data

CHORDS = "Am | F | C | G"


def with_line(style: str, name: str) -> Style:
    """A style whose bass knows one line, and no fill."""
    bass = STYLES[style].bass
    lines = tuple(line for line in bass.lines if line.name == name)
    return structs.replace(STYLES[style], bass=structs.replace(bass, lines=lines, fills=(), rests=0))


def play(style: Style, seed: int = 1, chords: str = CHORDS) -> Clip:
    context = MusicalContext.plain(bpm=style.tempo.usual, key="Am", chords=chords)
    return generate(BassParams(style=style, bars=4, humanise=0.0, swing=1.0), context, seed)


def at(clip: Clip, beat: float) -> list[Note]:
    return [note for note in clip.notes if abs(note.start - beat) < 1e-6]


def test_a_tumbao_has_the_root_before_the_bar_and_nothing_on_it() -> None:
    clip = play(with_line("salsa", "tumbao"))
    assert [note.pitch % 12 for bar in (1, 2, 3) for note in at(clip, 4.0 * bar - 0.5)] == [5, 0, 7]
    assert [at(clip, 4.0 * bar) for bar in (1, 2, 3)] == [[], [], []]
    assert all(note[0].end > 4.0 * bar for bar in (1, 2, 3) for note in [at(clip, 4.0 * bar - 0.5)])
    assert at(clip, 15.5)[0].pitch % 12 == 9  # the take comes round


def test_a_tumbao_meets_a_chord_in_the_middle_of_a_bar_early_too() -> None:
    clip = play(with_line("salsa", "tumbao"), chords="Am Dm | E7 | Am | Am")
    assert [note.pitch % 12 for note in at(clip, 1.5)] == [2]


def test_octaves_lie_an_octave_apart() -> None:
    clip = play(with_line("house", "octave jump"))
    leaps = [abs(one.pitch - other.pitch) for one, other in pairwise(clip.notes) if int(one.start) == int(other.start)]
    assert leaps.count(12) > 0.8 * len(leaps)


def test_an_off_beat_bass_leaves_every_beat_to_the_kick() -> None:
    clip = play(with_line("trance", "off-beat"))
    assert {note.start % 1.0 for note in clip.notes} == {0.5}


def test_pops_are_loud_short_and_above_the_thumb() -> None:
    clip = play(with_line("funk", "slapped octaves"))
    popped = [note for note in clip.notes if note.velocity > 100 and note.start % 1.0 == 0.5]
    assert popped
    assert all(note.duration <= 0.31 for note in popped)
    assert any(note.duration <= 0.13 and note.velocity < 60 for note in clip.notes)  # dead notes between


def test_an_808_slides_by_overlapping_and_never_three_at_once() -> None:
    overlaps = 0
    for seed in range(6):
        notes = play(with_line("drill", "sliding 808"), seed).notes
        overlaps += sum(one.end > other.start + 1e-9 for one, other in pairwise(notes))
        assert all(one.end <= other.start for one, other in zip(notes, notes[2:], strict=False))
        assert find_bass_faults(notes, 142, INSTRUMENTS["synth bass"]) == ()
    assert overlaps > 20


def test_inversions_make_a_bass_line_of_steps() -> None:
    chords = "C | G | Am | C | F | C | Dm | G"
    style = structs.replace(
        STYLES["classical"], bass=structs.replace(with_line("classical", "half notes").bass, inversions=1)
    )
    context = MusicalContext.plain(key="C", chords=chords)
    clip = generate(BassParams(style=style, bars=8, humanise=0.0), context, 1)
    assert [note.pitch % 12 for bar in range(8) for note in at(clip, 4.0 * bar)] == [0, 11, 9, 7, 5, 4, 2, 7]


def test_no_note_rings_on_into_a_chord_that_it_does_not_belong_to() -> None:
    for style in STYLES.values():
        if not any(line.pedal for line in style.bass.lines):
            clip = play(style, 3, "Am | Bb | E | Ebmaj7")
            for note in clip.notes:
                for bar, tones in ((1, {10, 2, 5}), (2, {4, 8, 11}), (3, {3, 7, 10, 2})):
                    if note.start < 4.0 * bar - 0.6 and note.end > 4.0 * bar + 0.1:
                        assert note.pitch % 12 in tones


@each_case(
    "change, problem",
    [
        ({"low": "C1"}, r"bass\.low: expected what a bass guitar has, E1 to Eb4, got C1"),
        ({"instrument": "kazoo"}, r"bass\.instrument: invalid enum value 'kazoo'"),
        ({"low": "E2", "high": "A2"}, r"bass\.high: expected at least an octave above low"),
        ({"lines": [{"energy": [0.8, 0.2]}]}, r"bass\.lines\[0\]\.energy: expected low <= high"),
        ({"lines": [{"glide": 0.5}]}, r"bass\.lines\[0\]\.glide: expected 0, for a bass guitar has no keys"),
        ({"lines": [{"sections": ["build"]}]}, r"bass\.lines: expected at least one without sections"),
    ],
)
def test_a_contradictory_bass_section_raises(change: dict[str, object], problem: str) -> None:
    line = {"name": "roots", "onsets": "X... .... X... ....", "tones": "R... .... R... ...."}
    lines = change.get("lines", [{}])
    assert isinstance(lines, list)
    bass = {"low": "E1", "high": "G3"} | change | {"lines": [line | more for more in lines]}
    with pytest.raises(PresetError, match=problem):
        parse_style(rock_data() | {"bass": bass})
