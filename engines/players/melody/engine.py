"""MelodyRoo: generate a melody, or change an existing one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from msgspec import Meta

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.melody.composition import compose
from musearoo.engines.players.melody.lyrics import SungNote, set_lyrics
from musearoo.engines.players.melody.other_parts import Voice, find_register
from musearoo.engines.players.melody.performance import play
from musearoo.engines.players.melody.relations import Relation, read_tune, relate
from musearoo.engines.players.melody.setting import Setting, Tone
from musearoo.engines.players.melody.syllables import syllables_of
from musearoo.engines.players.options import require_options
from musearoo.engines.players.params import Change, EngineParams, resolve_swing
from musearoo.engines.players.takes import another_take, fill_between, fit_to_clip, raise_amounts

LONGEST_TEXT: Final = 20_000
"""The most letters of lyrics: a long opera scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MelodyParams(EngineParams):
    """MelodyRoo's parameters: those of every engine, the register, lyrics, and the relation to an existing melody.

    `voice` is who sings ("auto" takes the style's range); `octave` moves it by octaves. `relation` says whether an
    existing melody is answered in its gaps, continued from its motif, given a counter-melody, doubled in thirds, or
    ignored; "auto" answers if there is room and otherwise plays a counter-melody. `lyrics` are words to sing, one line
    or "/" per phrase; English is hyphenated best.
    """

    octave: Annotated[int, Meta(ge=-2, le=2)] = 0
    voice: Voice = "auto"
    relation: Relation = "auto"
    lyrics: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""

    def __post_init__(self) -> None:
        # Not super(): a slotted dataclass is a new class, and zero-argument super() fails there in Python 3.11.
        EngineParams.__post_init__(self)
        require_options(self)


def generate(params: MelodyParams, context: MusicalContext, seed: int) -> Clip:
    """Return a monophonic melody; deterministic for equal parameters, context and seed.

    With lyrics its notes are those of `set_words`, in order.
    """
    meter = context.meter.value
    length = params.bars * meter.bar_beats
    words = set_words(params, context, seed)
    tones = tuple(sung.tone for sung in words) if words else _find_tones(params, context, seed)
    return Clip.of(f"{params.style.name} melody", length, play(tones, params, context, length, seed), meter)


def set_words(params: MelodyParams, context: MusicalContext, seed: int) -> tuple[SungNote, ...]:
    """Return a melody's notes with their syllables before performance; empty without lyrics."""
    text = syllables_of(params.lyrics)
    return set_lyrics(_setting(params, context, seed), text) if text else ()


def _find_tones(params: MelodyParams, context: MusicalContext, seed: int) -> tuple[Tone, ...]:
    """Return the tones of a melody without words: its own, or in relation to an existing one."""
    setting = _setting(params, context, seed)
    part = None if params.relation == "none" else context.part("melody")
    tune = () if part is None else read_tune(part.clip, resolve_swing(params, context), setting.length)
    return relate(setting, tune, params.relation) if tune else compose(setting)


def _setting(params: MelodyParams, context: MusicalContext, seed: int) -> Setting:
    register = find_register(params.style.melody, params.voice, params.octave, context)
    return Setting.of(params, context, register, seed)


def refine(clip: Clip, change: Change, params: MelodyParams, context: MusicalContext, seed: int) -> Clip:
    """Return the clip changed: another take of its length, or the same with notes removed or added."""
    fitted = fit_to_clip(params, clip, context)
    if change is Change.AGAIN:
        return another_take(clip, partial(generate, fitted, context), seed)
    if change is Change.SIMPLER:
        return _simpler(clip)
    busy = raise_amounts(fitted, 0.35, 0.25)
    return clip.with_notes(fill_between(clip, generate(busy, context, seed)))


def _simpler(clip: Clip) -> Clip:
    """Return the clip without a third of its notes: short and quiet off-beats first; the first and last stay."""

    def weight(note: Note) -> tuple[float, float]:
        place = round(note.start * 4) % 4
        return note.velocity + 40.0 * min(2.0, note.duration) + (40.0, 0.0, 15.0, 0.0)[place], -note.start

    spare = sorted(clip.notes[1:-1] or clip.notes[1:], key=weight)
    gone = set(spare[: max(1, len(clip.notes) // 3)])
    return clip.with_notes(note for note in clip.notes if note not in gone)
