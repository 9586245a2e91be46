"""Play one scene with the band: a loop or a section, around the existing parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, Final

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.band.fallbacks import PartTask, Pattern, Runner, Take, play_in_order, play_safely
from musearoo.engines.players.band.stages import DEPENDS_ON, stages_of
from musearoo.engines.players.chords.lead_sheet import chords_to_play
from musearoo.engines.players.chords.progressions import compose_progression
from musearoo.engines.players.chords.units import usual_key
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.form import FormStyle, parse_entry

_PITCHED: Final = ("bass", "harmony", "melody")


@dataclass(frozen=True, slots=True)
class Scene:
    """The result of a scene: its chords, one take per part, and the context that includes all of them."""

    chords: tuple[ChordSpan, ...]
    takes: tuple[Take, ...]
    context: MusicalContext

    @property
    def sentences(self) -> tuple[str, ...]:
        """The problems of the takes, as sentences for the user."""
        return tuple(take.fallback for take in self.takes if take.fallback)


def play_scene(
    params: EngineParams,
    context: MusicalContext,
    seed: int,
    roles: Sequence[Role] | None = None,
    *,
    engines: Sequence[EngineRecord] = ENGINES,
    run: Runner = play_in_order,
    pattern: Pattern | None = None,
    options: Mapping[Role, Mapping[str, Any]] = MappingProxyType({}),
) -> Scene:
    """Play the given parts, by default those of the style's band that the context lacks; each fits all before it.

    Missing chords and key are chosen first, so that all players use the same ones. `options` are engine-specific
    parameters by part. Deterministic if `run` is.
    """
    if roles is None:
        playing = {part.role for part in context.parts if part.clip.notes}
        roles = [role for role in roles_of_style(params.style.form) if role not in playing]
    context = _with_chords(params, context, seed)
    takes: list[Take] = []
    for stage in stages_of(roles):
        tasks = [
            PartTask(engine, params_for(engine, params, options.get(role, {})), context, derive_seed(seed, role))
            for role in stage
            for engine in engines_for(role, engines)
        ]
        played = play_safely(tasks, run, pattern)
        takes += played
        context = with_takes(context, played)
    return Scene(context.chords, tuple(takes), context)


def roles_of_style(form: FormStyle) -> tuple[Role, ...]:
    """Return the parts that a style's band always has in some section of its forms.

    >>> roles_of_style(FormStyle())
    ('drums', 'bass', 'harmony', 'melody')
    """
    kinds = {section.kind for each in form.forms for section in each.sections.unrolled(1)}
    entries = [parse_entry(text) for kind in kinds for text in form.section(kind).plays]
    return tuple(role for role in DEPENDS_ON if any(entry.role == role and not entry.maybe for entry in entries))


def engines_for(role: Role, engines: Sequence[EngineRecord]) -> Sequence[EngineRecord]:
    """Return the engine that plays a part, as a sequence of one; empty if there is none."""
    return [engine for engine in engines if engine.part == role][:1]


def params_for(
    engine: EngineRecord, params: EngineParams, options: Mapping[str, Any] = MappingProxyType({})
) -> EngineParams:
    """Return shared parameters as those of one engine, with its own `options` added."""
    shared: dict[str, Any] = {field.name: getattr(params, field.name) for field in fields(EngineParams)}
    return engine.params(**shared, **options)


def with_takes(context: MusicalContext, takes: Sequence[Take]) -> MusicalContext:
    """Return the context with takes added as parts."""
    return replace(context, parts=(*context.parts, *(Part(take.role, take.engine, take.clip) for take in takes)))


def _with_chords(params: EngineParams, context: MusicalContext, seed: int) -> MusicalContext:
    """Return the context with chords and a key: its own, else from the given melody, else composed in the style."""
    if context.key.value is None:
        context = replace(context, key=Estimate(usual_key(params.style), 0.5, "guess"))
    if context.chords:
        return context
    meter = context.meter.value
    if any(context.part(role) for role in _PITCHED):
        chords = chords_to_play(params, context, params.bars * meter.bar_beats)
    else:
        chords = compose_progression(
            style=params.style,
            key=context.key.value,
            meter=meter,
            bars=params.bars,
            section=params.section,
            complexity=params.complexity,
            seed=seed,
        )
    return replace(context, chords=chords)
