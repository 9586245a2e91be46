"""DrummaRoo's front: a take from nothing, and changes to a take that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from engines.chance import derive_seed
from engines.drummaroo.composition import (
    Hits,
    add_ghost_notes,
    add_skeleton,
    add_timekeeping,
    crash_on_one,
    free_the_hands,
    open_hats,
    play_fills,
)
from engines.drummaroo.kit import BY_PITCH, HATS, KIT, SNARE_PITCHES
from engines.drummaroo.performance import (
    follow_groove,
    keep_order,
    push_and_drag,
    scatter_time,
    set_dynamics,
    swing_time,
)
from engines.drummaroo.playability import make_playable
from engines.drummaroo.take import Hit, Take, plan_take
from engines.music.clip import Clip, end_before_next, sort_notes
from engines.music.context import MusicalContext
from engines.music.note import Note
from engines.params import Change, EngineParams

Processor = Callable[[Hits, Take], Hits]

PIPELINE: Final[tuple[Processor, ...]] = (
    add_skeleton,
    add_ghost_notes,
    add_timekeeping,
    open_hats,
    play_fills,
    crash_on_one,
    free_the_hands,
    set_dynamics,
    swing_time,
    push_and_drag,
    scatter_time,
    follow_groove,
    keep_order,
)
"""From nothing to a performance, in this order; notes are made and checked for playability after it."""


LOUDEST_ADDED_SNARE: Final = 80.0
"""When a clip is made busier, a snare louder than this would be a second backbeat, not an ornament."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumParams(EngineParams):
    """What DrummaRoo can be asked for: what every engine can."""


def generate(params: DrumParams, context: MusicalContext, seed: int) -> Clip:
    """A drum clip on the General MIDI map; the same for the same parameters, context and seed."""
    take = plan_take(params, context, seed)
    hits: Hits = []
    for process in PIPELINE:
        hits = process(hits, take)
    notes = make_playable(write_notes(hits, take), take.bpm)
    return Clip(f"{params.style.name} drums", take.length, notes, take.meter)


def kick_onsets(params: EngineParams, context: MusicalContext, seed: int) -> tuple[float, ...]:
    """Where DrummaRoo's kick would fall with this seed, in straight beats: what a bass locks to without a drummer."""
    take = plan_take(params, context, seed)
    hits: Hits = []
    for process in (add_skeleton, play_fills, crash_on_one):
        hits = process(hits, take)
    return tuple(sorted({hit.at for hit in hits if hit.voice == "kick"}))


def write_notes(hits: Hits, take: Take) -> tuple[Note, ...]:
    """Hits as notes in order; an open hat rings until the pair is next struck, everything else as long as it likes."""
    length = take.length
    next_stroke: dict[str, float] = {}
    notes = []
    for _, name, _, velocity, time in sorted(hits, key=_played_last_first):
        voice = KIT[name]
        cymbal = "hats" if name in HATS else name
        duration = min(voice.ring, next_stroke.get(cymbal, length) - time)
        next_stroke[cymbal] = time
        notes.append(Note(time, voice.pitch, max(1.0 / 96.0, duration), velocity))
    return sort_notes(notes)


def refine(clip: Clip, change: Change, params: DrumParams, context: MusicalContext, seed: int) -> Clip:
    """The clip changed: another take of its length, or itself with strokes left out or added."""
    fitted = replace(params, bars=min(64, max(1, round(clip.length / context.meter.value.bar_beats))))
    if change is Change.AGAIN:
        return _another_take(clip, fitted, context, seed)
    if change is Change.SIMPLER:
        return replace(clip, notes=tuple(_simpler(clip)))
    busy = replace(fitted, complexity=min(1.0, params.complexity + 0.3), density=min(1.0, params.density + 0.2))
    return replace(clip, notes=make_playable(_merged(clip, generate(busy, context, seed)), context.bpm))


def _played_last_first(hit: Hit) -> tuple[float, int]:
    return -hit.time, KIT[hit.voice].pitch


def _another_take(clip: Clip, params: DrumParams, context: MusicalContext, seed: int) -> Clip:
    for attempt in range(8):  # a plain style with few choices may give the same notes twice
        other = generate(params, context, derive_seed(seed, "again", attempt))
        if other.notes != clip.notes:
            break
    return other


def _simpler(clip: Clip) -> Iterable[Note]:
    """The notes without the lightest quarter of what lies off the beat: ghosts first, then hats, then kicks."""
    spare = [note for note in clip.notes if round(note.start * 4) % 4 != 0]
    gone = set(sorted(spare, key=_weight)[: max(1, len(clip.notes) // 4)])
    return (note for note in clip.notes if note not in gone)


def _weight(note: Note) -> tuple[float, float]:
    """How much a groove would miss a note: by loudness, by voice, and less on the e and a of a beat."""
    importance = BY_PITCH[note.pitch].importance if note.pitch in BY_PITCH else 1
    finest = round(note.start * 4) % 2 == 1
    return note.velocity + 12.0 * importance - 25.0 * finest, -note.start


def _merged(clip: Clip, busier: Clip) -> tuple[Note, ...]:
    """The clip's notes and those of a busier take that find room between them."""
    taken = {(round(note.start * 8), note.pitch) for note in clip.notes}
    added = [
        note
        for note in busier.notes
        if note.start < clip.length
        and not any((round(note.start * 8) + step, note.pitch) in taken for step in (-1, 0, 1))
        and not (note.pitch in SNARE_PITCHES and note.velocity > LOUDEST_ADDED_SNARE)
    ]
    return end_before_next((*clip.notes, *added))
