"""Play a prompt with the Roo engines when no audio model is installed, and label it as a sketch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, NamedTuple, get_args

import msgspec
from msgspec import structs

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.players.arrangement.instruments import choose_instruments
from musearoo.engines.players.arrangement.keys import choose_key
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.band.scene import play_scene, roles_of_style
from musearoo.engines.players.drums.engine import DrumParams
from musearoo.engines.players.params import EngineParams
from musearoo.engines.prompts.reading import PromptReading, RequestedInstrument
from musearoo.engines.prompts.set_facts import SetFacts
from musearoo.engines.prompts.tempo import Tempo, choose_tempo, usual_tempo
from musearoo.engines.styles.drums import TimeFeel
from musearoo.engines.styles.form import FormStyle, MoodName, Voice
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style

SKETCH_TITLE: Final = "Sketch by the Roo engines"
USUAL_STYLE: Final = "pop"
SLOW_STYLE: Final = "ballad"
"""The styles used if neither text nor set names one: the second for slow tempos."""
DARK: Final = 0.4
"""Darkness from which minor (or below minus which major) is chosen if no key is named."""


_TWO_HANDS: Final[tuple[Role, ...]] = ("harmony", "melody")


@dataclass(frozen=True, slots=True)
class SketchPart:
    """A part of a sketch: the instrument's name, the notes, the General MIDI program (None for drums), and the role."""

    name: str
    clip: Clip
    program: int | None
    role: Role


@dataclass(frozen=True, slots=True)
class SketchPlan:
    """A sketch: parts of equal length, ready to be rendered and mixed in their style.

    `bpm` and `meter` are those of the grid; `messages` are sentences for the user, in addition to the reading's.
    """

    parts: tuple[SketchPart, ...]
    bpm: float
    meter: Meter
    key: Key
    style: Style
    chords: tuple[ChordSpan, ...]
    messages: tuple[str, ...]

    @property
    def length(self) -> float:
        """Length of the loop in beats."""
        return self.parts[0].clip.length

    @property
    def seconds(self) -> float:
        """Length of the loop in seconds."""
        return beats_to_seconds(self.length, self.bpm)

    @property
    def label(self) -> str:
        """Its origin and content, such as "Sketch by the Roo engines: funk on slap bass"."""
        return f"{SKETCH_TITLE}: {self.style.name} on {join_names(dict.fromkeys(part.name for part in self.parts))}"


def sketch(
    reading: PromptReading,
    facts: SetFacts,
    bars: int,
    seed: int,
    styles: Mapping[str, Style],
    engines: Sequence[EngineRecord] = ENGINES,
) -> SketchPlan:
    """Return a loop of 1 to 64 bars that plays what a prompt asks for; deterministic.

    It keeps the set's tempo, meter, key and chords. Only the named instruments play, unless the prompt describes a
    band; without any, the style's whole band plays. For an empty prompt, parts that already play in the set are left
    out. Raises ParamError if all parts are excluded.
    """
    facts = replace(facts, bars=bars)
    choice = _choose_style(reading, facts, styles)
    style, messages = choice.style, choice.messages
    requested = style if choice.is_requested and not reading.near else None
    tempo = choose_tempo(reading, facts, requested) or Tempo(usual_tempo(reading, style))
    meter = facts.meter or reading.meter or Meter()
    mood: MoodName | None = "dark" if reading.darkness >= DARK else "bright" if reading.darkness <= -DARK else None
    key = facts.key or reading.key or choose_key(style.form, mood, derive_seed(seed, "sketch"))
    cast = _cast(reading)
    roles, left_out = _choose_roles(reading, facts, style, cast)
    context = MusicalContext.plain(tempo.bpm, meter, key, _scaled_chords(facts.chords, tempo.factor))
    params = EngineParams(
        style=style,
        bars=round(bars * tempo.factor),
        complexity=reading.complexity,
        density=reading.density,
        section=SongSection(energy=reading.energy),
    )
    scene = play_scene(params, context, seed, roles, engines=_with_time_feel(engines, reading.time_feel))
    voices = _choose_voices(_without_refused(style.form, reading), roles, reading, cast, seed)
    parts = tuple(
        SketchPart(voices[take.role][0], _scaled_clip(take.clip, 1.0 / tempo.factor), voices[take.role][1], take.role)
        for take in scene.takes
        if take.clip.notes
    )
    if not parts:
        raise ParamError("prompt", f"one of which {style.name} has something to play", reading.text)
    missing = [name.name for name in reading.instruments if name.program is not None and name not in cast.values()]
    if missing:
        messages = (*messages, f"A band of five has no hand free for {join_names(missing)}.")
    if left_out:
        messages = (*messages, f"It leaves {join_names(left_out)} to those who play them in the set.")
    return SketchPlan(
        parts=parts,
        bpm=tempo.bpm / tempo.factor,
        meter=meter,
        key=key,
        style=style,
        chords=_scaled_chords(scene.chords, 1.0 / tempo.factor),
        messages=(*messages, *scene.sentences),
    )


class _Choice(NamedTuple):
    """The style to play, whether the prompt asks for it, and messages for the user."""

    style: Style
    is_requested: bool = False
    messages: tuple[str, ...] = ()


def _choose_style(reading: PromptReading, facts: SetFacts, styles: Mapping[str, Style]) -> _Choice:
    """Choose a style: the text's, the set's, that of an instrument, a plain one, or the one with the closest tempo."""
    if reading.style in styles:
        sentence = f"No engine plays {reading.genre}: {reading.style} comes nearest."
        return _Choice(styles[reading.style], True, (sentence,) if reading.near else ())
    if facts.style:
        return _Choice(find_style(facts.style, styles))
    brought = next((one.style for one in reading.instruments if one.style in styles), "")
    if brought:
        return _Choice(styles[brought], True)
    bpm = facts.bpm or reading.bpm or usual_tempo(reading, None)
    plain = [find_style(name, styles) for name in (USUAL_STYLE, SLOW_STYLE)]
    fitting = [style for style in plain if style.tempo.low <= bpm <= style.tempo.high]
    return _Choice(fitting[0] if fitting else min(styles.values(), key=lambda style: abs(style.tempo.usual - bpm)))


def _cast(reading: PromptReading) -> dict[Role, RequestedInstrument]:
    """Cast the parts: each instrument gets its best free part, in the order of the text.

    Parts requested by name go to instruments that can play them: a piano melody is no chords. An instrument with only a
    rhythm section next to it plays both chords and melody, if it can.
    """
    parts = [instrument for instrument in reading.instruments if instrument.name in get_args(Role)]
    named = [instrument for instrument in reading.instruments if instrument not in parts]
    wanted = [instrument.roles[0] for instrument in parts]
    cast: dict[Role, RequestedInstrument] = {}
    for instrument in named:
        free = [role for role in instrument.roles if role not in cast]
        role = next((role for role in free if role in wanted), free[0] if free else None)
        if role is not None:
            cast[role] = instrument
    for instrument in parts:
        cast.setdefault(instrument.roles[0], instrument)
    above = [instrument for role, instrument in cast.items() if role not in ("drums", "bass")]
    is_alone = len(above) == 1 and not reading.whole and not {"harmony", "melody"} & set(wanted)
    if is_alone and {"harmony", "melody"} <= set(above[0].roles):
        rhythm = {role: instrument for role, instrument in cast.items() if instrument is not above[0]}
        return rhythm | {role: above[0] for role in _TWO_HANDS if role not in reading.refused_roles}
    return cast


def _choose_roles(
    reading: PromptReading, facts: SetFacts, style: Style, cast: Mapping[Role, RequestedInstrument]
) -> tuple[list[Role], list[Role]]:
    """Return the parts to play, and those of the style's band that already play in the set."""
    band = roles_of_style(style.form)
    if cast and (reading.only or not reading.whole):
        roles = list(cast)
    else:
        roles = [role for role in dict.fromkeys((*band, *cast)) if role in cast or role not in reading.refused_roles]
    if not roles:
        raise ParamError("prompt", "one that leaves something to play", reading.text)
    free = [role for role in roles if role not in facts.playing]
    if reading.text or not free:
        return roles, []
    return free, [role for role in roles if role not in free]


def _without_refused(form: FormStyle, reading: PromptReading) -> FormStyle:
    """Return the form without the excluded instruments, unless a part would have none left."""
    kept = {}
    for role, voices in form.instruments.items():
        left = tuple(voice for voice in voices if not any(name in voice.name for name in reading.refused))
        kept[role] = left or voices
    return msgspec.structs.replace(form, instruments=kept)


def _choose_voices(
    form: FormStyle, roles: Sequence[Role], reading: PromptReading, cast: Mapping[Role, RequestedInstrument], seed: int
) -> dict[Role, tuple[str, int | None]]:
    """Return the name and program of each part's instrument: the requested one, else one of the style's."""
    banded: Any = roles  # play_scene plays only the roles of a band
    voices: dict[Role, tuple[str, int | None]] = {
        one.role: (one.name, None if one.role == "drums" else one.program)
        for one in choose_instruments(form, banded, reading.energy, reading.mood, seed)
    }
    kinds: Mapping[Any, Sequence[Voice]] = form.instruments
    for role, instrument in cast.items():
        own = [voice for voice in kinds.get(role, ()) if instrument.general and instrument.name in voice.name]
        if own:
            voices[role] = (own[0].name, own[0].program)
        elif instrument.program is not None:
            voices[role] = (instrument.name, instrument.program)
    return voices


def _with_time_feel(engines: Sequence[EngineRecord], feel: TimeFeel | None) -> list[EngineRecord]:
    """Return the engines with half-time or double-time drums where requested."""
    if feel is None:
        return list(engines)

    def play(drummer: EngineRecord, params: DrumParams, context: MusicalContext, seed: int) -> Clip:
        clip: Clip = drummer.generate(replace(params, time_feel=feel), context, seed)
        return clip

    return [
        replace(engine, generate=partial(play, engine)) if issubclass(engine.params, DrumParams) else engine
        for engine in engines
    ]


def _scaled_clip(clip: Clip, factor: float) -> Clip:
    if factor == 1.0:
        return clip
    notes = [structs.replace(note, start=note.start * factor, duration=note.duration * factor) for note in clip.notes]
    return replace(clip, length=clip.length * factor, notes=tuple(notes))


def _scaled_chords(chords: Sequence[ChordSpan], factor: float) -> tuple[ChordSpan, ...]:
    return tuple(replace(span, start=span.start * factor, end=span.end * factor) for span in chords)
