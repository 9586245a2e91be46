"""Hand-made takes and hits for tests of single processors."""

from __future__ import annotations

from functools import partial
from typing import Any

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.note import Note
from musearoo.engines.music.song_section import LOOP, SongSection
from musearoo.engines.players.drums.microtiming import keep_order
from musearoo.engines.players.drums.pipeline import COMPOSE, DYNAMICS, ORNAMENT, TIMING, Processor, Shaping
from musearoo.engines.players.drums.plan import plan_take
from musearoo.engines.players.drums.take import Hit, Hits, Take, as_played
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.drums import DrumStyle, Fill, Groove, Timekeeper
from musearoo.engines.styles.rows import NORMAL, FillRow, OnsetRow
from tests.engines.presets_on_disk import STYLES

PLAIN = DrumStyle(
    grooves=(Groove(name="plain", kick=OnsetRow("X... .... X... ...."), snare=OnsetRow(".... X... .... X...")),),
    timekeepers=(Timekeeper(name="eighths", hits=OnsetRow("x.x. x.x. x.x. x.x.")),),
    fills=(Fill(name="snare", hands=FillRow("ssss"), feet=FillRow("k...")),),
    fill_likelihood=1.0,
    crash_likelihood=1.0,
)
"""A drummer who plays what everybody knows."""


def take(
    *,
    bars: int = 4,
    seed: int = 1,
    bpm: float = 120.0,
    meter: str = "4/4",
    complexity: float = 0.5,
    humanise: float = 0.5,
    section: SongSection = LOOP,
    parts: tuple[Part, ...] = (),
    swing: float | None = None,
    filling: float = 0.0,
    time_feel: Any = None,
    **drums: Any,
) -> Take:
    """A take of the plain drummer, with some of his fields changed; without fills unless asked for."""
    changed = {name: getattr(PLAIN, name) for name in PLAIN.__struct_fields__} | drums
    style = STYLES["rock"]
    fields = {name: getattr(style, name) for name in style.__struct_fields__} | {"drums": DrumStyle(**changed)}
    params = EngineParams(
        style=type(style)(**fields), bars=bars, complexity=complexity, humanise=humanise, section=section, swing=swing
    )
    context = MusicalContext.plain(bpm=bpm, meter=meter, parts=parts)
    return plan_take(params, context, seed, time_feel=time_feel, fills=filling)


def strokes(voice: str, *places: float, strength: int = NORMAL) -> Hits:
    """Hits of one voice at straight places, as loud and as late as written."""
    return [Hit(place, voice, strength, 80.0, place) for place in places]


def shaped(step: Shaping, hits: Hits, take: Take) -> Hits:
    """The hits after a step of the performance: with other velocities or other times."""
    velocities, times = [hit.velocity for hit in hits], [hit.time for hit in hits]
    if step in DYNAMICS:
        return as_played(hits, step(hits, velocities, take), times)
    return as_played(hits, velocities, step(hits, times, take))


def whole_pipeline() -> list[tuple[Any, Processor]]:
    """Every step of the pipeline in its order, and what it makes of hits."""
    ordered: list[tuple[Any, Processor]] = [(step, step) for step in (*COMPOSE, *ORNAMENT)]
    ordered += [(step, partial(shaped, step)) for step in (*DYNAMICS, *TIMING)]
    return [*ordered, (keep_order, keep_order)]


def places(hits: Hits, voice: str) -> list[float]:
    """Where a voice is struck, in order."""
    return sorted(hit.at for hit in hits if hit.voice == voice)


def part(role: Any, *starts: float, length: float = 4.0, pitches: tuple[int, ...] = (40,)) -> Part:
    """A part of the band with notes, or chords, at these places."""
    notes = [Note(start, pitch, 0.2, 90) for start in starts for pitch in pitches]
    return Part(role, role, Clip.of(role, length, notes))
