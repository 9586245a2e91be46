"""Compose endless music phrase by phrase: chords that drift, layers in periods that never meet, change on three scales.

Within a phrase AtmosRoo's layers play, with their own small variation. Over minutes layers come and go, each in its own
time. Over a quarter of an hour density, register and brightness wander, and now and then a phrase borrows the parallel
scale. Loops of unlike lengths are Brian Eno's idea ("Music for Airports", 1978).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from msgspec import structs

from musearoo.engines.ambient.melody import play_melody
from musearoo.engines.ambient.phrase import LAYERS, AmbientLayer, LayerNotes, Phrase
from musearoo.engines.ambient.preset import AmbientPreset, Grains, Melody, Percussion, Row, layer_of
from musearoo.engines.ambient.sparse import play_grains, play_percussion
from musearoo.engines.ambient.steering import Amounts, Steering, amounts_at, controls_at, key_at, wander
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.players.atmos.drift import ToneSpan
from musearoo.engines.players.atmos.engine import AtmosParams, AtmosStream, play_layer, set_scene
from musearoo.engines.players.atmos.scene import Scene
from musearoo.engines.styles.atmos import AtmosStyle
from musearoo.engines.styles.schema import Style

PRESENCE: Final[dict[AmbientLayer, float]] = {
    "drone": 171.0,
    "pad": 127.0,
    "swells": 89.0,
    "melody": 113.0,
    "bells": 101.0,
    "texture": 139.0,
    "percussion": 151.0,
    "grains": 79.0,
}
"""Seconds from one turning point of a layer's coming and going to the next: primes, so that they never meet."""
REGISTER: Final = 960.0
"""Seconds from one register of the melody to the next."""
PARALLEL: Final = {
    "Major": "Mixolydian",
    "Lydian": "Major",
    "Mixolydian": "Dorian",
    "Dorian": "Minor",
    "Minor": "Dorian",
    "Phrygian": "Minor",
    "Harmonic Minor": "Minor",
}
"""The scale that a phrase borrows from, by the scale it is in: one tone away."""
LOOSE: Final = 0.22
"""Beats by which an onset of free time is off its place at most."""
BREATH: Final = 1.2
"""Seconds of silence at the end of a phrase that has them: what rings on covers most of it."""
HELD: Final[frozenset[AmbientLayer]] = frozenset(("drone", "pad", "swells"))


@dataclass(frozen=True, slots=True)
class StreamState:
    """Where endless music has come to: the number of the next phrase, the seconds gone, and AtmosRoo's own state."""

    seed: int
    number: int
    seconds: float
    atmos: AtmosStream


def begin(seed: int) -> StreamState:
    """Return the state before the first phrase."""
    return StreamState(seed, 0, 0.0, AtmosStream(seed))


def next_phrase(
    state: StreamState,
    steering: Steering,
    preset: AmbientPreset,
    style: Style,
    context: MusicalContext | None = None,
) -> tuple[StreamState, Phrase]:
    """Return the state after the next phrase, and the phrase; deterministic in all arguments.

    `style` lends its meter and feel; with a `context` its key, tempo and chords are followed.
    """
    seed, seconds = state.seed, state.seconds
    amounts = amounts_at(steering, preset, seed, seconds)
    key = _key(state, steering, preset, context)
    bpm = steering.bpm or (context.bpm if context is not None else preset.bpm)
    params = AtmosParams(
        style=_style_of(style, preset),
        bars=preset.bars,
        complexity=amounts.density,
        density=amounts.density,
        humanise=0.5,
    )
    meter = context.meter.value if context is not None else "4/4"
    chords = context.chords if context is not None else ()
    around = MusicalContext.plain(bpm=bpm, meter=meter, key=key, chords=chords)
    scene, degree = set_scene(state.atmos, params, around)
    played, voices = _play(preset, scene, state, amounts)
    is_free = preset.free and steering.bpm is None and context is None
    layers = tuple(
        LayerNotes(layer, _loosened(notes, scene, layer) if is_free else tuple(notes)) for layer, notes in played
    )
    length = scene.length
    if stream(seed, "ambient", "silence", state.number).random() < preset.silence:
        layers = tuple(LayerNotes(each.layer, _ended(each.notes, length - BREATH * bpm / 60.0)) for each in layers)
    lasting = length * 60.0 / bpm
    phrase = Phrase(
        number=state.number,
        seed=seed,
        began=state.atmos.began,
        length=length,
        bpm=bpm,
        meter=scene.meter,
        key=scene.key,
        preset=preset.name,
        chords=tuple(ChordSpan(span.start, span.end, name_chord(span)) for span in scene.spans),
        layers=layers,
        enters=controls_at(steering, preset, seed, seconds),
        leaves=controls_at(steering, preset, seed, seconds + lasting),
    )
    atmos = AtmosStream(seed, state.atmos.began + length, degree, voices)
    return StreamState(seed, state.number + 1, seconds + lasting, atmos), phrase


def cut(before: StreamState, phrase: Phrase, beat: float) -> tuple[StreamState, Phrase]:
    """Return the state and the phrase where it ends early, at a beat in it: what was steered follows from there.

    Loops keep their places, the next chord is the one that sounded, and pads go on from the pitches they held.
    """
    beat = min(phrase.length, max(0.0, beat))
    share = beat / phrase.length
    layers = tuple(
        LayerNotes(each.layer, tuple(note for note in each.notes if note.start < beat - 1e-9)) for each in phrase.layers
    )
    pad = next((each.notes for each in layers if each.layer == "pad"), ())
    held = [note.pitch for note in pad if note.start + note.duration > beat]
    sounding = next((span.chord for span in reversed(phrase.chords) if span.start <= beat), phrase.chords[0].chord)
    classes = phrase.key.pitch_classes
    degree = classes.index(sounding.root) if sounding.root in classes else 0
    seconds = before.seconds + share * phrase.seconds
    atmos = AtmosStream(before.seed, before.atmos.began + beat, degree, tuple(sorted(held)) or before.atmos.voices)
    chords = tuple(replace(span, end=min(span.end, beat)) for span in phrase.chords if span.start < beat)
    ended = replace(phrase, length=beat, chords=chords or phrase.chords[:1], layers=layers)
    return StreamState(before.seed, phrase.number + 1, seconds, atmos), ended


def name_chord(span: ToneSpan) -> Chord:
    """Return the chord whose tones come nearest to those of a span, on its root."""
    root = span.tones[0]
    return Chord(root, _quality(frozenset((tone - root) % 12 for tone in span.tones)))


@lru_cache(maxsize=512)
def _quality(tones: frozenset[int]) -> str:
    def distance(number: int) -> tuple[int, int]:
        return len(tones ^ {interval % 12 for interval in QUALITIES[number].intervals}), number

    return QUALITIES[min(range(len(QUALITIES)), key=distance)].harte


def _key(state: StreamState, steering: Steering, preset: AmbientPreset, context: MusicalContext | None) -> Key:
    followed = context.key.value if context is not None else None
    if followed is not None and steering.key is None:
        return followed
    key = key_at(steering, preset, state.seconds)
    borrows = state.number > 0 and stream(state.seed, "ambient", "borrow", state.number).random() < preset.borrow
    return Key(key.tonic, PARALLEL[key.scale]) if borrows and key.scale in PARALLEL else key


def _play(
    preset: AmbientPreset, scene: Scene, state: StreamState, amounts: Amounts
) -> tuple[list[tuple[AmbientLayer, list[Note]]], tuple[int, ...]]:
    """Return the notes of the layers that are there in a phrase, in the order of LAYERS, and the pad's last pitches."""
    voices = state.atmos.voices
    register = round(6.0 * wander(state.seed, "register", state.seconds, REGISTER) - 3.0)
    played: list[tuple[AmbientLayer, list[Note]]] = []
    for row in sorted(_present(preset, state, amounts), key=lambda row: LAYERS.index(layer_of(row))):
        match row.play:
            case Melody() as melody:
                notes = play_melody(melody, scene, register)
            case Percussion() as percussion:
                notes = play_percussion(percussion, scene)
            case Grains() as grains:
                notes = play_grains(grains, scene)
            case layer:
                notes, voices = play_layer(layer, scene, voices)
        played.append((layer_of(row), sorted(notes)))
    return played, voices


def _present(preset: AmbientPreset, state: StreamState, amounts: Amounts) -> list[Row]:
    """Return the rows that play in a phrase: more of them the denser it is, and always one that holds."""
    present = []
    for row in preset.layers:
        layer = layer_of(row)
        curve = wander(state.seed, f"presence of {layer}", state.seconds, PRESENCE[layer])
        # Of a curve between uniform draws a quarter is below 0.3: presence is meant as a share of the time.
        if curve < 0.08 + 0.84 * min(1.0, row.presence * (0.5 + amounts.density)):
            present.append(row)
    if not any(row.always for row in present):
        present.append(next(row for row in preset.layers if row.always))
    return present


def _loosened(notes: list[Note], scene: Scene, layer: AmbientLayer) -> tuple[Note, ...]:
    """Return notes off the grid, in free time: what is held begins where it did, so that no gap opens."""
    if layer in HELD:
        return tuple(notes)
    chance = scene.chance("loose", layer, scene.phrase)
    moved = (
        structs.replace(note, start=max(0.0, note.start + LOOSE * (2.0 * chance.random() - 1.0))) for note in notes
    )
    return tuple(sorted(note for note in moved if note.start < scene.length))


def _ended(notes: tuple[Note, ...], until: float) -> tuple[Note, ...]:
    """Return notes that end by a beat."""
    return tuple(
        structs.replace(note, duration=min(note.duration, max(0.05, until - note.start)))
        for note in notes
        if note.start < until - 0.05
    )


def _style_of(style: Style, preset: AmbientPreset) -> Style:
    rows = tuple(row.play for row in preset.layers if not isinstance(row.play, Melody | Percussion | Grains))
    return structs.replace(style, atmos=AtmosStyle(drift=preset.drift, layers=rows))
