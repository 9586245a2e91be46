"""DrummaRoo: generate a drum take, or change an existing one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Final

from msgspec import Meta

from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.drum_kit import BY_PITCH, HATS, KIT, SNARE_PITCHES
from musearoo.engines.music.kits.layouts import KitName, map_from_kit, map_to_kit
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.drums.microtiming import swung_position
from musearoo.engines.players.drums.pipeline import COMPOSE, KICK_ALONE, LEAN_KICK_ALONE, perform, run
from musearoo.engines.players.drums.plan import plan_take
from musearoo.engines.players.drums.playability import make_playable
from musearoo.engines.players.drums.take import Hits, Take
from musearoo.engines.players.options import require_options
from musearoo.engines.players.params import Change, Effort, EngineParams
from musearoo.engines.players.takes import another_take, fit_to_clip, raise_amounts
from musearoo.engines.styles.drums import TimeFeel

LOUDEST_ADDED_SNARE: Final = 80.0
"""The loudest snare that making a clip busier may add; a louder one would be a second backbeat."""
_RINGING: Final = {name: (voice.ring, "hats" if name in HATS else name) for name, voice in KIT.items()}
"""How long each voice rings, in beats, and the cymbal or drum whose next stroke ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumParams(EngineParams):
    """DrummaRoo's parameters, in addition to those of every engine.

    `time_feel` is the time of kick and snare against the tempo; None leaves it to the section. `fills` 0..1 is the
    share of phrases that end with a fill: none at 0, the style's usual amount at one half. `kit` is the drum map to
    write.
    """

    time_feel: TimeFeel | None = None
    fills: Annotated[float, Meta(ge=0, le=1)] = 0.5
    kit: KitName = "general midi"

    def __post_init__(self) -> None:
        EngineParams.__post_init__(self)
        require_options(self)


def generate(params: DrumParams, context: MusicalContext, seed: int) -> Clip:
    """Return a drum clip for a kit; deterministic for equal parameters, context and seed."""
    clip = _generate_general(params, context, seed)
    return clip if params.kit == "general midi" else replace(clip, notes=map_to_kit(clip.notes, params.kit))


def kick_onsets(params: EngineParams, context: MusicalContext, seed: int) -> tuple[float, ...]:
    """Return the straight positions of DrummaRoo's kick for this seed, for a bass that locks to it without a drummer.

    A triplet, which swing does not move, is given as the straight position that swings to it.
    """
    take = plan_take(params, context, seed)
    swing = take.swing
    alone = KICK_ALONE if params.effort is Effort.FULL else LEAN_KICK_ALONE
    kicks = (hit.at for hit in run(alone, take) if hit.voice == "kick" and hit.at < take.length)
    return tuple(sorted({at if swung_position(at, swing) != at else swing.unwarp(at) for at in kicks}))


def write_notes(hits: Hits, take: Take) -> tuple[Note, ...]:
    """Return hits as sorted notes; an open hat rings until the hats are next played, other voices for their own length.

    Velocities are whole numbers, as in MIDI.
    """
    length, shortest = take.length, 1.0 / 96.0
    next_stroke: dict[str, float] = {}
    notes = []
    for time, pitch, name, velocity in sorted(
        [(hit.time, KIT[hit.voice].pitch, hit.voice, hit.velocity) for hit in hits], reverse=True
    ):
        ring, cymbal = _RINGING[name]
        # Comparisons instead of `min` and `max`, which take three times as long.
        duration = next_stroke.get(cymbal, length) - time
        duration = ring if duration > ring else shortest if duration < shortest else duration
        next_stroke[cymbal] = time
        level = round(velocity)
        notes.append(Note(time, pitch, duration, 127.0 if level > 127 else 1.0 if level < 1 else float(level)))
    notes.reverse()
    return tuple(notes)


def refine(clip: Clip, change: Change, params: DrumParams, context: MusicalContext, seed: int) -> Clip:
    """Return the clip changed: another take of its length, or the same with hits removed or added."""
    fitted = fit_to_clip(params, clip, context)
    taken = replace(clip, notes=map_from_kit(clip.notes, params.kit))
    if change is Change.AGAIN:
        taken = another_take(taken, partial(_generate_general, fitted, context), seed)
    elif change is Change.SIMPLER:
        taken = replace(taken, notes=tuple(_simpler(taken)))
    else:
        busy = raise_amounts(fitted, 0.3, 0.2)
        merged = _merged(taken, _generate_general(busy, context, seed))
        taken = replace(taken, notes=make_playable(merged, context.bpm))
    return replace(taken, notes=map_to_kit(taken.notes, params.kit))


def _generate_general(params: DrumParams, context: MusicalContext, seed: int) -> Clip:
    """Return the clip on the General MIDI drum map."""
    take = plan_take(params, context, seed, time_feel=params.time_feel, fills=params.fills)
    hits = perform(run(COMPOSE, take), take)
    notes = make_playable(write_notes(hits, take), take.bpm, None if params.section.ends_song else take.length)
    return Clip(f"{params.style.name} drums", take.length, notes, take.meter)


def _simpler(clip: Clip) -> Iterable[Note]:
    """Return the notes without the lightest quarter of those off the beat: ghosts first, then hats, then kicks."""
    spare = [note for note in clip.notes if round(note.start * 4) % 4 != 0]
    gone = set(sorted(spare, key=_weight)[: max(1, len(clip.notes) // 4)])
    return (note for note in clip.notes if note not in gone)


def _weight(note: Note) -> tuple[float, float]:
    """Return how important a note is to the groove: by velocity and voice, less on the e and a of a beat."""
    importance = BY_PITCH[note.pitch].importance if note.pitch in BY_PITCH else 1
    finest = round(note.start * 4) % 2 == 1
    return note.velocity + 12.0 * importance - 25.0 * finest, -note.start


def _merged(clip: Clip, busier: Clip) -> tuple[Note, ...]:
    """Return the clip's notes plus those of a busier take that fit between them."""
    taken = {(round(note.start * 8), note.pitch) for note in clip.notes}
    added = [
        note
        for note in busier.notes
        if note.start < clip.length
        and not any((round(note.start * 8) + step, note.pitch) in taken for step in (-1, 0, 1))
        and not (note.pitch in SNARE_PITCHES and note.velocity > LOUDEST_ADDED_SNARE)
    ]
    return end_before_next((*clip.notes, *added))
