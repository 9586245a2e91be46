"""AtmosRoo's entry point: generate ambience for a clip, continue an endless stream phrase by phrase, refine a clip."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import derive_seed, stream
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.atmos.drift import drift_on, has_harmony, home_key, spans_given
from musearoo.engines.players.atmos.figures import play_bells, play_riser, play_texture
from musearoo.engines.players.atmos.other_parts import cut_clashes, find_clashes
from musearoo.engines.players.atmos.scene import Scene, find_room
from musearoo.engines.players.atmos.sustained import play_drone, play_pad, play_swells
from musearoo.engines.players.params import Change, EngineParams, resolve_swing
from musearoo.engines.players.takes import fit_to_clip, raise_amounts
from musearoo.engines.styles.atmos import AnyLayer, Bells, Drone, LayerName, Pad, Riser, Swells, Texture

_KINDS: Final[dict[LayerName, type[AnyLayer]]] = {
    "drone": Drone,
    "pad": Pad,
    "swells": Swells,
    "bells": Bells,
    "texture": Texture,
    "riser": Riser,
}
_ORDER: Final = tuple(_KINDS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class AtmosParams(EngineParams):
    """AtmosRoo's parameters: those of every engine, and the layers to play; none leaves them to the style."""

    layers: tuple[LayerName, ...] = ()

    def __post_init__(self) -> None:
        # Not super(): a slotted dataclass is a new class, and zero-argument super() fails there in Python 3.11.
        EngineParams.__post_init__(self)
        if not isinstance(self.layers, tuple) or any(layer not in _KINDS for layer in self.layers):
            raise ParamError("layers", f"a tuple of any of {', '.join(_KINDS)}", self.layers)


@dataclass(frozen=True, slots=True)
class AtmosStream:
    """The state of an ambience stream: its seed, the beats already played, the scale degree of the next chord, and the
    pitches that the pad's voices hold.
    """

    seed: int
    began: float = 0.0
    degree: int = 0
    voices: tuple[int, ...] = ()


def generate(params: AtmosParams, context: MusicalContext, seed: int) -> Clip:
    """Return an ambience clip that can loop; deterministic in parameters, context and seed."""
    return next_phrase(AtmosStream(seed), params, context)[1]


def next_phrase(state: AtmosStream, params: AtmosParams, context: MusicalContext) -> tuple[AtmosStream, Clip]:
    """Return a stream's new state and its next `params.bars` bars; the first phrase equals `generate`'s clip.

    Bells keep their own periods across phrases, pad voices continue from their pitches, and chords keep drifting.
    """
    scene, degree = set_scene(state, params, context)
    layers = choose_layers(params)
    notes, voices = _play_layers(layers, scene, state.voices)
    if not notes:
        # The other parts are so dense that every tone clashes; ignore clashes rather than stay silent.
        notes, voices = _play_layers(layers, replace(scene, clashes=()), state.voices)
    clip = Clip.of(f"{params.style.name} atmosphere", scene.length, notes, scene.meter)
    return AtmosStream(state.seed, state.began + scene.length, degree, voices), clip


def refine(clip: Clip, change: Change, params: AtmosParams, context: MusicalContext, seed: int) -> Clip:
    """Return the clip changed: another take of its length, or the clip with notes removed or added."""
    fitted = fit_to_clip(params, clip, context)
    if change is Change.AGAIN:
        return generate(fitted, context, derive_seed(seed, "again"))
    if change is Change.SIMPLER:
        return _simpler(clip)
    return _merged(clip, generate(raise_amounts(fitted, 0.35, 0.25), context, seed))


def choose_layers(params: AtmosParams) -> tuple[AnyLayer, ...]:
    """Return the layers to play: the requested ones, else the style's that suit energy and complexity."""
    layers = params.style.atmos.layers
    if params.layers:
        written = {type(layer): layer for layer in reversed(layers)}
        return tuple(written.get(_KINDS[name]) or _KINDS[name]() for name in dict.fromkeys(params.layers))
    section = params.section
    rises = section.kind == "build" or section.rises
    chosen = [
        layer
        for layer in layers
        if layer.energy[0] <= section.energy <= layer.energy[1]
        and layer.complexity[0] <= params.complexity <= layer.complexity[1]
        and (rises or not isinstance(layer, Riser))
    ]
    if all(isinstance(layer, Riser) for layer in chosen):
        chosen.insert(0, next(layer for layer in layers if not isinstance(layer, Riser)))
    return tuple(chosen)


def _play_layers(
    layers: Sequence[AnyLayer], scene: Scene, voices: tuple[int, ...]
) -> tuple[list[Note], tuple[int, ...]]:
    """Return the notes of all layers and the pitches that the pad's voices end on; `voices` are the previous ones."""
    sounding: dict[int, list[Note]] = {}
    # Sustained layers come first, since moving layers avoid them.
    for layer in sorted(layers, key=lambda layer: _ORDER.index(type(layer))):
        notes, voices = play_layer(layer, scene, voices)
        _lay_over(sounding, notes, may_move=isinstance(layer, Bells | Texture))
    return [note for of_pitch in sounding.values() for note in of_pitch], voices


def play_layer(layer: AnyLayer, scene: Scene, voices: tuple[int, ...]) -> tuple[list[Note], tuple[int, ...]]:
    """Return the notes of one layer, and the pitches that the pad's voices end on; `voices` are those before."""
    match layer:
        case Pad():
            notes, voices = play_pad(layer, scene, voices)
        case Drone():
            notes = play_drone(layer, scene)
        case Swells():
            notes = play_swells(layer, scene)
        case Bells():
            notes = play_bells(layer, scene)
        case Texture():
            notes = play_texture(layer, scene)
        case Riser():
            notes = play_riser(layer, scene)
    unclashing = [piece for note in notes for piece in cut_clashes(note, scene.clashes)]
    return list(end_before_next(unclashing)), voices


def set_scene(state: AtmosStream, params: AtmosParams, context: MusicalContext) -> tuple[Scene, int]:
    """Return the scene of a stream's next phrase, and the degree on which the phrase after it begins."""
    meter = context.meter.value
    length = params.bars * meter.bar_beats
    key = home_key(params, context)
    degree = state.degree % len(key.intervals)
    if has_harmony(context):
        spans = spans_given(params, context, length)
    else:
        chance = stream(state.seed, "atmos", "drift", round(state.began * 16))
        drift = params.style.atmos.drift
        closes = params.section.ends_song
        spans, degree = drift_on(key, drift, degree, params.bars, meter.bar_beats, closes, chance)
    until = length - meter.bar_beats if params.section.ends_song and params.bars > 1 else length
    scene = Scene(
        params=params,
        meter=meter,
        bpm=context.bpm,
        swing=resolve_swing(params, context),
        key=key,
        spans=spans,
        room=find_room(context, length),
        clashes=find_clashes(context, spans, meter, length),
        seed=state.seed,
        began=state.began,
        length=length,
        until=until,
    )
    return scene, degree


def _simpler(clip: Clip) -> Clip:
    """Return the clip without a third of its notes: the shortest are removed first, then the softest."""
    order = sorted(clip.notes, key=lambda note: (note.duration, note.velocity, note.start, note.pitch))
    gone = set(order[: max(1, len(order) // 3)])
    return clip.with_notes(note for note in clip.notes if note not in gone)


def _merged(clip: Clip, busier: Clip) -> Clip:
    """Return the clip with those notes of a busier one that do not strike a sounding pitch."""
    sounding: dict[int, list[Note]] = {}
    for note in clip.notes:
        sounding.setdefault(note.pitch, []).append(note)
    _lay_over(sounding, [note for note in busier.notes if note.end <= clip.length], may_move=False)
    return clip.with_notes(note for notes in sounding.values() for note in notes)


def _lay_over(sounding: dict[int, list[Note]], notes: Iterable[Note], may_move: bool) -> None:
    """Adds notes, by pitch, to those that sound; one that would cut another off moves by an octave if it may, or is
    left out.
    """
    for note in notes:
        for pitch in (note.pitch, note.pitch + 12, note.pitch - 12) if may_move else (note.pitch,):
            others = sounding.setdefault(pitch, [])
            place = bisect_left(others, note.start, key=_start)
            begins_free = place == 0 or others[place - 1].end <= note.start
            ends_free = place == len(others) or note.end <= others[place].start
            if 0 <= pitch <= 127 and begins_free and ends_free:
                others.insert(place, note if pitch == note.pitch else structs.replace(note, pitch=pitch))
                break


def _start(note: Note) -> float:
    return note.start
