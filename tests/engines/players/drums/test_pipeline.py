"""Properties of every processor and of the whole pipeline."""

from __future__ import annotations

import pytest

from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.song_section import SECTION_KINDS, SectionKind, SongSection
from musearoo.engines.players.drums.engine import DrumParams, generate, kick_onsets
from musearoo.engines.players.drums.plan import plan_take
from musearoo.engines.players.drums.playability import find_faults
from musearoo.engines.players.drums.take import Hits
from musearoo.engines.players.options import read_options
from tests.each_case import each_case
from tests.engines.players.drums.hits import part, whole_pipeline
from tests.engines.presets_on_disk import STYLES

BAND = (part("bass", 0.0, 1.5, 2.5), part("harmony", 0.0, 1.5, pitches=(60, 64, 67)), part("melody", 0.5, 1.0))
CONTEXT = MusicalContext.plain(bpm=104, parts=BAND)


@each_case("style", ["funk", "jazz swing", "techno", "salsa"])
@each_case("kind", ["loop", "intro", "build", "outro"])
def test_no_processor_changes_what_it_is_given(style: str, kind: SectionKind) -> None:
    section = SongSection(kind, energy=0.4, ends_song=kind == "outro")
    take = plan_take(DrumParams(style=STYLES[style], complexity=0.9, section=section), CONTEXT, 2)
    hits: Hits = []
    for step, process in whole_pipeline():
        before = list(hits)
        after = process(hits, take)
        assert hits == before, step.__name__
        assert after == process(hits, take), step.__name__
        hits = after
    assert hits


def test_every_processor_gives_its_reason_and_there_are_twenty() -> None:
    steps = [step for step, _ in whole_pipeline()]
    assert len(set(steps)) == len(steps) >= 20
    assert all(step.__doc__ and len(step.__doc__) > 40 for step in steps)


@each_case("kind", SECTION_KINDS)
def test_every_section_of_every_style_can_be_played(kind: SectionKind) -> None:
    for number, (style, preset) in enumerate(STYLES.items()):
        section = SongSection(kind, energy=number % 5 / 4, following=0.6, ends_song=number % 3 == 0)
        context = MusicalContext.plain(bpm=preset.tempo.high, meter=("4/4", "3/4", "6/8", "7/8")[number % 4])
        clip = generate(DrumParams(style=preset, bars=5, complexity=0.8, section=section), context, number)
        assert find_faults(clip.notes, context.bpm) == (), style
        assert all(note.end <= clip.length + 1e-9 for note in clip.notes), style


@each_case("style", STYLES)
def test_the_kick_alone_is_the_kick_of_the_whole(style: str) -> None:
    params = DrumParams(style=STYLES[style], humanise=0.0, swing=1.0)
    kicks = {note.start for note in generate(params, CONTEXT, 5).notes if note.pitch == KIT["kick"].pitch}
    assert sorted(kicks) == pytest.approx(kick_onsets(params, CONTEXT, 5))


def test_its_own_parameters_can_be_written_as_a_text() -> None:
    read = read_options(DrumParams, "kit=808; time_feel=half; fills=0.8")
    assert read == {"kit": "808", "time_feel": "half", "fills": 0.8}
    assert generate(DrumParams(style=STYLES["trap"], **read), CONTEXT, 1).notes
