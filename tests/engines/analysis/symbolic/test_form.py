"""Sections and energy of made parts."""

from __future__ import annotations

import pytest

from musearoo.engines.analysis.symbolic.form import find_sections, trace_energy
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.note import Note


def alternating(bars: int, every: int) -> Part:
    """A pad that changes between two chords every so many bars."""
    pitches = [(60, 64, 67) if bar // every % 2 == 0 else (61, 66, 68) for bar in range(bars)]
    notes = [Note(4.0 * bar, pitch, 4.0, 80.0) for bar, chord in enumerate(pitches) for pitch in chord]
    return Part("harmony", "pad", Clip.of("pad", 4.0 * bars, notes))


def test_a_phrase_has_four_bars_and_more_in_a_long_song() -> None:
    """There are 64 phrases at most: up to 256 bars they are of four bars, up to 512 of eight, and so on."""
    for bars, every, sections in (
        (16, 4, 4),
        (256, 4, 64),
        (300, 4, 1),
        (300, 8, 37),
        (512, 8, 64),
        (520, 8, 1),
        (520, 16, 32),
    ):
        spans = find_sections([alternating(bars, every)], 4.0 * bars, 4.0)
        assert len(spans) == sections, (bars, every)
        assert {span.start % (4.0 * every) for span in spans} == {0.0}, (bars, every)
        assert (spans[0].start, spans[-1].end) == (0.0, 4.0 * bars), (bars, every)


def test_a_clip_of_seven_bars_is_one_section_and_one_of_eight_may_have_four() -> None:
    for bars, sections in ((7, 1), (8, 4), (15, 7), (16, 4)):
        spans = find_sections([alternating(bars, 4 if bars == 16 else 2)], 4.0 * bars, 4.0)
        assert len(spans) == sections, bars
    assert find_sections([alternating(7, 2)], 28.0, 4.0)[0].confidence == 0.5


def test_half_a_phrase_at_the_end_belongs_to_the_last_one() -> None:
    """Of eighteen bars the last two are no phrase of their own; of nineteen the last three are."""
    ends = []
    for bars in (18, 19):
        part = alternating(bars, 4)
        ends.append([span.end / 4.0 for span in find_sections([part], 4.0 * bars, 4.0)])
    assert ends == [[4.0, 8.0, 12.0, 18.0], [4.0, 8.0, 12.0, 16.0, 19.0]]


def test_sections_of_one_kind_share_a_label_and_new_ones_get_the_next() -> None:
    labels = [span.label for span in find_sections([alternating(16, 4)], 64.0, 4.0)]
    assert labels == ["A", "B", "A", "B"]


def test_a_clip_shorter_than_a_step_has_one_value_of_energy() -> None:
    part = Part("melody", "x", Clip.of("x", 0.25, [Note(0.0, 60, 0.2, 127.0)]))
    assert len(trace_energy([part], 0.25, 1.0, 0.5)) == 1


def test_louder_notes_and_more_of_them_and_heavier_drums_are_more_energy() -> None:
    def energy(role: str, *notes: tuple[float, int, float]) -> float:
        clip = Clip.of("x", 1.0, [Note(start, pitch, 0.1, velocity) for start, pitch, velocity in notes])
        return trace_energy([Part(role, "x", clip)], 1.0, 1.0, 0.5)[0]  # type: ignore[arg-type]

    kick, hat, cowbell = (energy("drums", (0.0, pitch, 100.0)) for pitch in (36, 42, 56))
    pitched = energy("melody", (0.0, 36, 100.0))
    assert hat < cowbell < pitched < kick
    assert energy("melody", (0.0, 60, 50.0)) < energy("melody", (0.0, 60, 100.0))
    both = energy("melody", (0.0, 60, 100.0), (0.5, 60, 100.0))
    assert 1.0 - both == pytest.approx((1.0 - pitched) ** 2)
