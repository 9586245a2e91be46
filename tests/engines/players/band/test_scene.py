"""The band in one scene: it plays the requested parts, on the same chords, with existing parts as context."""

from __future__ import annotations

from dataclasses import replace

import pytest

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.band.scene import play_scene
from musearoo.engines.players.params import EngineParams
from tests.each_case import each_case
from tests.engines.players.band.players import broken, one_note, player
from tests.engines.presets_on_disk import STYLES

FAKES = [player(role, one_note) for role in ("drums", "bass", "harmony", "melody", "atmosphere")]
ROCK = EngineParams(style=STYLES["rock"], bars=4)


def test_each_hears_those_before() -> None:
    scene = play_scene(replace(ROCK, style=STYLES["house"]), MusicalContext.plain(), 1, engines=FAKES)
    assert {take.role: take.clip.notes[0].velocity for take in scene.takes} == {
        "drums": 10.0,
        "bass": 11.0,
        "harmony": 12.0,
        "melody": 13.0,
        "atmosphere": 14.0,
    }
    assert len(scene.context.parts) == 5
    assert scene.sentences == ()


def test_a_part_that_already_plays_is_composed_only_by_name() -> None:
    drums = Part("drums", "loop", Clip("loop", 4.0, (Note(0.0, 36, 1.0, 90.0),)))
    context = MusicalContext.plain(parts=[drums])
    assert play_scene(ROCK, context, 1, engines=FAKES).takes[0].role == "bass"
    assert [take.role for take in play_scene(ROCK, context, 1, ["drums"], engines=FAKES).takes] == ["drums"]


def test_a_missing_engine_is_no_fault() -> None:
    assert [take.role for take in play_scene(ROCK, MusicalContext.plain(), 1, engines=FAKES[1:2]).takes] == ["bass"]


def test_a_style_without_drums_has_none() -> None:
    params = EngineParams(style=STYLES["classical"], bars=4)
    assert "drums" not in [take.role for take in play_scene(params, MusicalContext.plain(), 1, engines=FAKES).takes]


def test_chords_that_are_given_stay() -> None:
    chords = parse_progression("Am F | C G")
    scene = play_scene(ROCK, MusicalContext.plain(key="Am", chords=chords), 1, engines=FAKES)
    assert scene.chords == chords


def test_chords_that_are_not_given_fill_the_scene_in_the_key_and_differ_between_seeds() -> None:
    scenes = [play_scene(ROCK, MusicalContext.plain(key="F"), seed, engines=FAKES) for seed in range(6)]
    for scene in scenes:
        assert scene.chords[0].start == 0.0
        assert scene.chords[-1].end == pytest.approx(16.0)
    assert len({scene.chords for scene in scenes}) > 2


def test_without_a_key_all_play_in_one() -> None:
    assert play_scene(ROCK, MusicalContext.plain(), 1, engines=FAKES).context.key.value is not None


def test_a_melody_that_plays_is_harmonised() -> None:
    tune = [
        Note(float(beat), pitch, 0.9, 90.0) for beat, pitch in enumerate([69, 72, 76, 72] * 2 + [67, 71, 74, 71] * 2)
    ]
    context = MusicalContext.plain(key="Am", parts=[Part("melody", "voice", Clip("voice", 16.0, tuple(tune)))])
    scenes = [play_scene(ROCK, context, seed, engines=FAKES) for seed in (1, 2)]
    assert scenes[0].chords == scenes[1].chords
    first, last = scenes[0].chords[0].chord, scenes[0].chords[-1].chord
    assert first != last


def test_a_scene_survives_a_failing_engine() -> None:
    scene = play_scene(ROCK, MusicalContext.plain(), 1, engines=[player("drums", broken), *FAKES[1:]])
    assert [take.clip.notes == () for take in scene.takes] == [True, False, False, False]
    assert scene.sentences == ("DrumsRoo failed (a string broke): it stays silent.",)


@each_case("style", STYLES)
def test_real_players_play_together_the_same_again(style: str) -> None:
    params = EngineParams(style=STYLES[style], bars=4)
    scene = play_scene(params, MusicalContext.plain(bpm=STYLES[style].tempo.usual), 3)
    assert scene.sentences == ()
    assert scene == play_scene(params, MusicalContext.plain(bpm=STYLES[style].tempo.usual), 3)
    assert {take.role for take in scene.takes} <= {engine.part for engine in ENGINES}
    assert any(take.clip.notes for take in scene.takes)
