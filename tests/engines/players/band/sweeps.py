"""Songs and scenes planned in every style, played by engines that play random notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import get_args

import msgspec

from musearoo.engines.foundation.chance import derive_seed, stream
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.arrangement.song_plan import ArrangedSection, Arrangement, PlannedPart, Transition
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.band.handover import fit_into_section, make_playable_throughout
from musearoo.engines.players.band.scene import play_scene
from musearoo.engines.players.band.song import play_song
from musearoo.engines.players.band.song_chords import chords_of_song
from musearoo.engines.players.band.song_style import style_of_song
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.form import BandRole, EndingKind, TransitionKind
from musearoo.engines.styles.schema import Style
from tests.engines import drawn_music as draw
from tests.engines.drawn_music import amount, any_of, sweep, whole
from tests.engines.players.band.players import Play, broken, player
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome

NAMES = tuple(STYLES)
BAND: tuple[BandRole, ...] = get_args(BandRole)
KINDS: tuple[TransitionKind, ...] = get_args(TransitionKind)
ENDINGS: tuple[EndingKind | None, ...] = (None, *get_args(EndingKind))
PITCHED: tuple[Role, ...] = ("bass", "harmony", "melody")


def sweeps() -> Iterator[Outcome]:
    """All of them."""
    yield from sweep("handed over", 240, 4, handed_over)
    yield from sweep("drums of a song", 40, 2, drums_of_a_song)
    yield from sweep("styles", 60, 2, styles)
    yield from sweep("chords", 90, 3, chords)
    yield from sweep("scenes", 60, 3, scenes)
    yield from sweep("songs", 30, 3, songs)


def handed_over(chance: Random, number: int) -> object:
    meter, bars, role = draw.meter(chance), any_of(chance, (1, 2, 4, 18)), BAND[number % len(BAND)]
    length = bars * meter.bar_beats
    transitions = tuple(Transition(kind, float(whole(chance, 1, 2))) for kind in KINDS if chance.random() < 0.25)
    part = PlannedPart(role, any_of(chance, (0.0, 0.0, 2.0)), length - any_of(chance, (0.0, 0.0, 1.0)))
    section = ArrangedSection(
        "A", draw.section(chance), bars, 8.0, length, draw.key(chance), "verse", (part,), transitions
    )
    clip = draw.clip(chance, role, length, meter)
    return notes_of(fit_into_section(clip, part, section, meter, any_of(chance, ENDINGS)))


def drums_of_a_song(chance: Random, _number: int) -> object:
    bpm, found, start = any_of(chance, (90.0, 120.0, 180.0)), [], 0.0
    for _ in range(whole(chance, 1, 3)):
        meter = draw.meter(chance)
        found.append((start, draw.clip(chance, "drums", meter.bar_beats, meter)))
        start += meter.bar_beats
    return [notes_of(clip) for clip in make_playable_throughout(found, bpm)]


def styles(chance: Random, number: int) -> object:
    style, seed = STYLES[NAMES[number % len(NAMES)]], number
    drums = msgspec.structs.replace(style.drums, one_groove=any_of(chance, (0.0, 0.5, 1.0)))
    style = msgspec.structs.replace(style, drums=drums)
    own = style_of_song(style, _plan(chance, style, seed), amount(chance), seed)
    return (
        [groove.name for groove in own.drums.grooves],
        [way.name for way in own.harmony.comping],
        (own.bass.low, own.bass.high, own.melody.low, own.melody.high, own.melody.longest),
    )


def chords(chance: Random, number: int) -> object:
    style = STYLES[NAMES[number % len(NAMES)]]
    return chords_of_song(_plan(chance, style, number), style, amount(chance), number)


def scenes(chance: Random, number: int) -> object:
    style, bars = STYLES[any_of(chance, NAMES)], whole(chance, 1, 4)
    params = EngineParams(style=style, bars=bars, complexity=amount(chance), density=amount(chance))
    context = draw.context(chance, bars, PITCHED)
    roles = None if chance.random() < 0.6 else [role for role in BAND if chance.random() < 0.6]
    scene = play_scene(params, context, number, roles, engines=_players(chance), pattern=_pattern)
    takes = [(take.role, take.engine, bool(take.fallback), notes_of(take.clip)) for take in scene.takes]
    return scene.chords, scene.context.key.value, len(scene.context.parts), len(scene.sentences), takes


def songs(chance: Random, number: int) -> object:
    style = STYLES[any_of(chance, NAMES)]
    plan = _plan(chance, style, number)
    song = play_song(
        plan,
        style,
        number,
        complexity=amount(chance),
        density=amount(chance),
        swing=any_of(chance, (None, 1.5)),
        humanise=amount(chance),
        engines=_players(chance),
        pattern=_pattern,
    )
    clips = {role: notes_of(clip) for role, clip in song.clips.items()}
    faults = [[(take.role, take.engine, take.error is None) for take in played.takes] for played in song.sections]
    return song.chords, clips, faults, len(song.sentences)


def _plan(chance: Random, style: Style, seed: int) -> Arrangement:
    meter = draw.meter(chance) if chance.random() < 0.4 else SongParams(style=style).meter
    plan = plan_song(SongParams(style=style, seconds=any_of(chance, (30.0, 60.0, 120.0)), meter=meter), seed)
    if chance.random() < 0.3:
        plan = replace(plan, sections=plan.sections[: whole(chance, 1, len(plan.sections))])
    return plan


def _players(chance: Random) -> list[EngineRecord]:
    """A band, some of whom do not play today, or fail."""
    return [
        player(role, broken if chance.random() < 0.1 else _play(role)) for role in BAND if chance.random() < 0.95
    ]  # fmt: skip


def _play(role: Role) -> Play:
    def play(params: EngineParams, context: MusicalContext, seed: int) -> Clip:
        """A few notes that hang on all that the player is told."""
        told = (params.style.harmony.comping[0].name, params.section.kind, params.section.number)
        amounts = (params.complexity, params.density, params.humanise, params.swing, context.chords, len(context.parts))
        chance = stream(derive_seed(seed, *told), *map(str, amounts))
        length = params.bars * context.meter.value.bar_beats
        return draw.clip(chance, role, length, context.meter.value)

    return play


def _pattern(role: Role, _style: Style, context: MusicalContext, bars: int) -> Clip | None:
    length = bars * context.meter.value.bar_beats
    return None if role == "melody" else draw.clip(stream(bars, "pattern"), role, length, context.meter.value)
