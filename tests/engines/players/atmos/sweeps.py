"""Random sweeps over scenes: each layer alone, the harmony, cut clashes, and streams of phrases."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, Final

import msgspec

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.atmos.drift import ToneSpan, drift_on, has_harmony, home_key, span_at, spans_given
from musearoo.engines.players.atmos.engine import AtmosParams, AtmosStream, choose_layers, generate, next_phrase, refine
from musearoo.engines.players.atmos.figures import play_bells, play_riser, play_texture
from musearoo.engines.players.atmos.other_parts import Clash, cut_clashes, find_clashes
from musearoo.engines.players.atmos.scene import Room, Scene, find_room, tones_between
from musearoo.engines.players.atmos.sustained import play_drone, play_pad, play_swells
from musearoo.engines.players.params import Change
from musearoo.engines.styles.atmos import AnyLayer, AtmosStyle, Bells, Drift, Drone, Pad, Riser, Swells, Texture
from musearoo.engines.styles.rows import OnsetRow
from musearoo.engines.styles.schema import Style
from tests.engines import drawn_borders as drawn
from tests.engines.players.test_properties import any_of
from tests.snapshots import Outcome

ROLES: Final = ("drums", "bass", "harmony", "melody")
EVERY: Final = (0.5, 1.0, 2.0, 3.0, 4.0, 8.0)
RANGES: Final = (("C2", "C3"), ("E3", "E5"), ("C4", "C6"), ("C5", "C7"), ("G7", "G8"))
NAMES: Final = ("drone", "pad", "swells", "bells", "texture", "riser")


def outcomes() -> Iterator[Outcome]:
    for name, draw, cases in (
        ("drone", _drone, 120),
        ("pad", _pad, 60),
        ("swells", _swells, 120),
        ("bells", _bells, 80),
        ("texture", _texture, 80),
        ("riser", _riser, 100),
        ("drift", _drift, 120),
        ("harmony", _harmony, 100),
        ("rubs", _clashes, 80),
        ("way", _way, 400),
        ("room", _room, 120),
        ("scene", _scene, 80),
        ("layers", _layers, 200),
        ("stream", _stream, 40),
        ("take", _take, 40),
        ("refined", _refined, 40),
    ):
        yield from drawn.sweep(name, draw, lines=2, cases=cases)


def any_params(chance: Random, bars: int, **options: Any) -> AtmosParams:
    return AtmosParams(
        style=any_ambience(chance),
        bars=bars,
        complexity=any_of(chance, drawn.AMOUNTS),
        density=any_of(chance, drawn.AMOUNTS),
        swing=any_of(chance, (None, None, 1.0, 1.6)),
        humanise=any_of(chance, (0.0, 0.5, 1.0)),
        section=drawn.any_section(chance),
        **options,
    )


def any_ambience(chance: Random) -> Style:
    style = drawn.any_style(chance)
    if drawn.maybe(chance, 0.3):
        return style
    layers = tuple(any_layer(chance, any_of(chance, NAMES)) for _ in range(drawn.whole(chance, 1, 5)))
    layers = (*layers, any_layer(chance, any_of(chance, NAMES[:-1])))
    return msgspec.structs.replace(style, atmos=AtmosStyle(drift=any_drift(chance), layers=layers))


def any_drift(chance: Random) -> Drift:
    return Drift(
        bars=any_of(chance, (1, 2, 3, 4)),
        stillness=any_of(chance, (0.0, 0.15, 0.5)),
        sevenths=any_of(chance, (0.0, 0.5, 1.0)),
    )


def any_layer(chance: Random, kind: str) -> AnyLayer:
    low, high = any_of(chance, RANGES)
    energy, complexity = (any_of(chance, ((0, 1), (0, 1), (0, 0.5), (0.5, 1), (0.3, 0.7))) for _ in range(2))
    every, voices, level = any_of(chance, EVERY), drawn.whole(chance, 1, 6), any_of(chance, (20, 60, 100, 127))
    shared: dict[str, Any] = {"low": low, "high": high, "energy": energy, "complexity": complexity, "level": level}
    match kind:
        case "drone":
            return Drone(**shared, every=every, fifth=drawn.maybe(chance, 0.6))
        case "pad":
            return Pad(**shared, every=every, voices=voices, colour=any_of(chance, (0.0, 0.3, 1.0)))
        case "swells":
            lasting = any_of(chance, (1.0, 4.0, 16.0))
            return Swells(**shared, every=every, voices=max(2, voices), lasting=lasting)
        case "bells":
            ring, echo = any_of(chance, (0.25, 2.0, 16.0)), any_of(chance, (0.0, 0.5, 1.0))
            return Bells(**shared, every=every, voices=voices, ring=ring, echo=echo)
        case "texture":
            steps = OnsetRow(any_of(chance, ("x..4 ..x. .3.x ..5.", "x x x x", "x5x x5x 3.3 x.x")))
            return Texture(**shared, every=every, steps=steps, gate=any_of(chance, (0.1, 0.6, 1.0)))
        case _:
            way: Any = any_of(chance, ("climb", "roll", "stack"))
            return Riser(**shared, way=way, lasting=any_of(chance, (1, 2, 4, 8)))


def any_spans(chance: Random, length: float) -> tuple[ToneSpan, ...]:
    """Stretches without gaps with three or four tones each, the tonic C among them more often than not."""
    starts = sorted({0.0, *(drawn.any_place(chance, length) for _ in range(drawn.whole(chance, 0, 5)))})
    spans = []
    for start, end in zip(starts, [*starts[1:], length], strict=True):
        tones = any_of(chance, ((0, 4, 7), (0, 4, 7), (9, 0, 4), (7, 11, 2, 5), (5, 9, 0), (10, 2, 5), (6, 9, 0, 3)))
        colours = any_of(chance, ((), (2, 9), (7,), (0,)))
        spans.append(ToneSpan(start, end, tones, tuple(tone for tone in colours if tone not in tones)))
    return tuple(spans)


def any_scene(chance: Random, seed: int) -> Scene:
    params = any_params(chance, drawn.whole(chance, 1, 9))
    meter = Meter.parse(any_of(chance, drawn.METERS))
    length = params.bars * meter.bar_beats
    ends = params.section.ends_song and params.bars > 1
    sung = sorted({drawn.any_place(chance, length) for _ in range(drawn.whole(chance, 0, 5))})
    return Scene(
        params=params,
        meter=meter,
        bpm=any_of(chance, drawn.TEMPI),
        swing=Swing(any_of(chance, (1.0, 1.0, 1.6))),
        key=Key.parse(any_of(chance, ("C", "Am", "C Hirajoshi", "C Whole Tone"))),
        spans=any_spans(chance, length),
        room=Room(
            any_of(chance, (0, 0, 40, 55, 60, 120)),
            any_of(chance, (127, 127, 72, 60, 30)),
            tuple((start, start + any_of(chance, (0.25, 0.5))) for start in sung),
            drawn.maybe(chance, 0.4),
        ),
        clashes=any_clashes(chance, length),
        seed=seed,
        began=any_of(chance, (0.0, 0.0, 8.0, 16.0, 37.0)),
        length=length,
        until=length - meter.bar_beats if ends else length,
    )


def any_clashes(chance: Random, length: float) -> tuple[Clash, ...]:
    beats = sorted({float(int(drawn.any_place(chance, length))) for _ in range(drawn.whole(chance, 0, 6))})
    shapes = ({0}, {4, 7}, {0, 2, 4, 7, 9}, {11}, set(range(12)))
    return tuple(
        Clash(beat, beat + any_of(chance, (0.5, 1.0, 1.0)), frozenset(any_of(chance, shapes))) for beat in beats
    )


def _drone(chance: Random, seed: int) -> object:
    layer = any_layer(chance, "drone")
    return drawn.notes_of(play_drone(layer, any_scene(chance, seed))) if isinstance(layer, Drone) else None


def _pad(chance: Random, seed: int) -> object:
    layer = any_layer(chance, "pad")
    before = any_of(chance, ((), (), (52, 60), (48, 55, 60, 64, 67, 71)))
    if not isinstance(layer, Pad):
        return None
    notes, voices = play_pad(layer, any_scene(chance, seed), before)
    return drawn.notes_of(notes), voices


def _swells(chance: Random, seed: int) -> object:
    layer = any_layer(chance, "swells")
    return drawn.notes_of(play_swells(layer, any_scene(chance, seed))) if isinstance(layer, Swells) else None


def _bells(chance: Random, seed: int) -> object:
    layer = any_layer(chance, "bells")
    return drawn.notes_of(play_bells(layer, any_scene(chance, seed))) if isinstance(layer, Bells) else None


def _texture(chance: Random, seed: int) -> object:
    layer = any_layer(chance, "texture")
    return drawn.notes_of(play_texture(layer, any_scene(chance, seed))) if isinstance(layer, Texture) else None


def _riser(chance: Random, seed: int) -> object:
    layer = any_layer(chance, "riser")
    return drawn.notes_of(play_riser(layer, any_scene(chance, seed))) if isinstance(layer, Riser) else None


def _drift(chance: Random, _seed: int) -> object:
    key = Key.parse(any_of(chance, ("C", "Am", "F# Dorian", "E Hirajoshi", "G Whole Tone", "B Locrian")))
    degree, bars = drawn.whole(chance, 0, len(key.intervals) - 1), any_of(chance, (1, 2, 3, 4, 5, 8, 12))
    return drift_on(key, any_drift(chance), degree, bars, any_of(chance, (4.0, 3.0)), drawn.maybe(chance, 0.4), chance)


def _harmony(chance: Random, _seed: int) -> object:
    params = any_params(chance, drawn.whole(chance, 1, 4))
    context = drawn.any_context(chance, params.bars, ROLES)
    spans = spans_given(params, context, params.bars * context.meter.value.bar_beats)
    at = [span_at(spans, beat).start for beat in (0.0, 1.0, spans[-1].start, spans[-1].start - 1e-6, 99.0)]
    return has_harmony(context), str(home_key(params, context)), spans, at


def _clashes(chance: Random, _seed: int) -> object:
    bars = drawn.whole(chance, 1, 4)
    context = drawn.any_context(chance, bars, ROLES)
    meter = context.meter.value
    length = bars * meter.bar_beats
    return find_clashes(context, any_spans(chance, length), meter, length)


def _way(chance: Random, _seed: int) -> object:
    start, clashes = drawn.any_place(chance, 6.0), any_clashes(chance, 8.0)
    note = Note(start, any_of(chance, (60, 64, 65)), any_of(chance, (0.5, 1.0, 1.5, 2.0, 4.0)), 60.0)
    return drawn.notes_of(cut_clashes(note, clashes))


def _room(chance: Random, _seed: int) -> object:
    bars = drawn.whole(chance, 1, 4)
    context = drawn.any_context(chance, bars, ROLES)
    room = find_room(context, bars * context.meter.value.bar_beats)
    low = any_of(chance, (20, 48, 60, 110))
    beats = [drawn.any_place(chance, 12.0) for _ in range(6)]
    edges = [edge for span in room.sung[:4] for edge in span]
    return (
        *(room, [room.fit(low, low + size, gap) for size in (12, 24) for gap in (0, 5, 12)]),
        [room.is_sung(beat, beat + 0.5) for beat in (*beats, *edges)],
        [room.is_sung(edge - 0.5, edge) for edge in edges],
        tones_between((0, 7), low - 30, low + 20),
    )


def _scene(chance: Random, seed: int) -> object:
    scene = any_scene(chance, seed)
    beats = [0.0, *(drawn.any_place(chance, scene.length) for _ in range(5)), *(clash.end for clash in scene.clashes)]
    return (
        *(scene.phrase, [scene.clashing_at(beat) for beat in beats], [scene.span_at(beat).tones for beat in beats]),
        [scene.velocity(level, scene.chance("level"), swell) for level in (1.0, 60.0, 127.0) for swell in (1.0, 0.5)],
        [scene.played(beat, scene.chance("place", number)) for number, beat in enumerate(beats)],
        [
            scene.note(start, pitch, start + lasting, 60.0)
            for start in (0.0, -0.1, scene.length - 0.25, scene.length - 1.0 / 32.0)
            for pitch, lasting in ((60, 1.0), (-1, 1.0), (0, 1.0 / 32.0), (127, 0.03), (128, 1.0))
        ],
    )


def _layers(chance: Random, _seed: int) -> object:
    asked = any_of(chance, ((), (), ("pad",), ("riser", "bells", "riser"), ("drone", "swells", "texture")))
    return [(type(layer).__name__, layer.level) for layer in choose_layers(any_params(chance, 4, layers=asked))]


def _stream(chance: Random, seed: int) -> object:
    params = any_params(chance, drawn.whole(chance, 1, 4))
    context = drawn.any_context(chance, params.bars, ("melody",) if drawn.maybe(chance, 0.2) else ())
    state, phrases = AtmosStream(seed), []
    for _ in range(3):
        state, clip = next_phrase(state, params, context)
        phrases.append((state, drawn.notes_of(clip.notes)))
    return phrases


def _take(chance: Random, seed: int) -> object:
    layers: Any = any_of(chance, ((), (), ("pad", "drone"), ("bells", "texture", "riser", "swells")))
    if seed % 10 == 0:
        layers = any_of(chance, (["pad"], ("choir",), ("pad", "choir"), None))
    params = any_params(chance, 0 if seed % 10 == 1 else drawn.whole(chance, 1, 5), layers=layers)
    clip = generate(params, drawn.any_context(chance, params.bars, ROLES), seed)
    return clip.name, clip.length, drawn.notes_of(clip.notes)


def _refined(chance: Random, seed: int) -> object:
    params, context = any_params(chance, 2), drawn.any_context(chance, 2)
    held = [
        msgspec.structs.replace(note, duration=note.duration * any_of(chance, (1.0, 4.0)))
        for note in drawn.any_clip(chance, 8.0, (48, 60, 64, 72), count=any_of(chance, (0, 1, 8))).notes
    ]
    clip = Clip.of("held", any_of(chance, (8.0, 12.0)), held)
    return [drawn.notes_of(refine(clip, change, params, context, seed).notes) for change in Change]
