"""Play a whole song with the band: every section of a plan, part by part, joined for export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.note import Note
from musearoo.engines.players.arrangement.song_plan import ArrangedSection, Arrangement
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.band.fallbacks import PartTask, Pattern, Runner, Take, play_in_order, play_safely
from musearoo.engines.players.band.handover import fit_into_section, make_playable_throughout
from musearoo.engines.players.band.scene import engines_for, params_for, with_takes
from musearoo.engines.players.band.song_chords import Chords, chords_of_song
from musearoo.engines.players.band.song_style import style_of_song
from musearoo.engines.players.band.stages import stages_of
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.schema import Style

MOST_NAMES: Final = 3
"""The most sections named in one sentence to the user."""


@dataclass(frozen=True, slots=True)
class PlayedSection:
    """A section with its chords, in beats from its start, and the takes of its parts."""

    section: ArrangedSection
    chords: Chords
    takes: tuple[Take, ...]

    def clip(self, role: Role) -> Clip | None:
        """Return the clip of a part in this section; None if it is silent."""
        return next((take.clip for take in self.takes if take.role == role), None)


@dataclass(frozen=True, slots=True)
class Song:
    """A played song: the arrangement and its sections with takes."""

    arrangement: Arrangement
    sections: tuple[PlayedSection, ...]

    @property
    def chords(self) -> Chords:
        """The chords of the whole song."""
        return tuple(
            replace(span, start=span.start + played.section.start, end=span.end + played.section.start)
            for played in self.sections
            for span in played.chords
        )

    @property
    def clips(self) -> dict[Role, Clip]:
        """Return each part of the whole song as one clip, in score order."""
        return {role: self.clip(role) for role in self.arrangement.roles if self._plays(role)}

    @property
    def sentences(self) -> tuple[str, ...]:
        """The problems as sentences for the user: each once, with its sections."""
        places: dict[str, list[str]] = {}
        for played in self.sections:
            for take in played.takes:
                if take.fallback:
                    places.setdefault(take.fallback, []).append(played.section.name)
        return tuple(f"{_listed(names)}: {fault}" for fault, names in places.items())

    def clip(self, role: Role) -> Clip:
        """Return one part of the whole song as one clip."""
        notes: list[Note] = []
        for played in self.sections:
            clip, start = played.clip(role), played.section.start
            if clip is not None:
                notes += (structs.replace(note, start=note.start + start) for note in clip.notes)
        return Clip(f"{self.arrangement.style} {role}", self.arrangement.length, tuple(notes), self.arrangement.meter)

    def _plays(self, role: Role) -> bool:
        return any(played.clip(role) is not None for played in self.sections)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= MOST_NAMES else f"{', '.join(names[:MOST_NAMES])} and others"


def play_song(
    arrangement: Arrangement,
    style: Style,
    seed: int,
    *,
    complexity: float = 0.5,
    density: float = 0.5,
    swing: float | None = None,
    humanise: float = 0.5,
    engines: Sequence[EngineRecord] = ENGINES,
    run: Runner = play_in_order,
    pattern: Pattern | None = None,
) -> Song:
    """Play the song of a plan; deterministic in plan, style, amounts and seed if `run` is.

    Tasks of a stage are run for all sections at once, so that a shell may run them in parallel.
    """
    sections = arrangement.sections
    style = style_of_song(style, arrangement, complexity, seed)

    def params(section: ArrangedSection, engine: EngineRecord) -> EngineParams:
        shared = EngineParams(
            style=style,
            bars=section.bars,
            complexity=complexity,
            density=density,
            swing=swing,
            humanise=humanise,
            section=section.section,
        )
        return params_for(engine, shared)

    chords = chords_of_song(arrangement, style, complexity, seed)
    contexts = _contexts_of(arrangement, chords)
    takes: list[list[Take]] = [[] for _ in sections]
    for stage in stages_of(arrangement.roles):
        asked = [
            (index, part, engine)
            for index, section in enumerate(sections)
            for part in section.parts
            if part.role in stage
            for engine in engines_for(part.role, engines)
        ]
        tasks = [
            PartTask(
                engine, params(sections[index], engine), contexts[index], _seed_of(sections[index], part.role, seed)
            )
            for index, part, engine in asked
        ]
        for (index, part, _), take in zip(asked, play_safely(tasks, run, pattern), strict=True):
            section = sections[index]
            ending = arrangement.ending if section is sections[-1] else None
            takes[index].append(
                replace(take, clip=fit_into_section(take.clip, part, section, arrangement.meter, ending))
            )
        if "drums" in stage:
            takes = _with_playable_drums(takes, arrangement)
        contexts = [
            with_takes(before, played[len(before.parts) :]) for before, played in zip(contexts, takes, strict=True)
        ]
    return Song(
        arrangement,
        tuple(
            PlayedSection(section, spans, tuple(played))
            for section, spans, played in zip(sections, chords, takes, strict=True)
        ),
    )


def _with_playable_drums(takes: Sequence[list[Take]], arrangement: Arrangement) -> list[list[Take]]:
    """Return the takes with the drums made playable across sections; a section's first take is its drums, if any."""
    places = [index for index, played in enumerate(takes) if played and played[0].role == "drums"]
    clips = [(arrangement.sections[index].start, takes[index][0].clip) for index in places]
    playable = dict(zip(places, make_playable_throughout(clips, arrangement.bpm), strict=True))
    return [
        [replace(played[0], clip=playable[index]), *played[1:]] if index in playable else played
        for index, played in enumerate(takes)
    ]


def _contexts_of(arrangement: Arrangement, chords: Sequence[Chords]) -> list[MusicalContext]:
    """Return the context of each section before any part plays.

    The next section's first chord follows a section's own chords, so that players can lead to it; a song that is cut
    off stays on its last chord.
    """
    contexts = []
    for index, (section, spans) in enumerate(zip(arrangement.sections, chords, strict=True)):
        following = chords[index + 1][:1] if index + 1 < len(chords) else spans[-1:]
        ahead = [
            replace(span, start=section.length, end=section.length + arrangement.meter.bar_beats)
            for span in following
            if not section.section.ends_song
        ]
        contexts.append(
            MusicalContext.plain(bpm=arrangement.bpm, meter=arrangement.meter, key=section.key, chords=(*spans, *ahead))
        )
    return contexts


def _seed_of(section: ArrangedSection, role: Role, seed: int) -> int:
    """Return the seed of a part in a section: the same wherever its material returns, except that solos differ."""
    if role == "melody" and section.section.kind == "solo":
        return derive_seed(seed, role, "solo", section.section.number)
    return derive_seed(seed, role, section.material)
