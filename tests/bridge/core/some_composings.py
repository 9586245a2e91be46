"""What is composed in sets drawn from a seed, by players who play one plain thing: where it goes, and by what it was
asked for, and not what our engines make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from msgspec import structs

from musearoo.bridge.core.composing import Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import NEW_SCENE_INDEX, Audition, Generate, Keep, Mix, Refine, SetReady, WriteSong
from musearoo.bridge.requests.asked_music import in_requested_harmony
from musearoo.bridge.requests.band import compose_band, read_band
from musearoo.bridge.requests.generate import compose, read_request, read_scene
from musearoo.bridge.requests.mix import compose_mix, read_mix
from musearoo.bridge.requests.played import Played, compose_response, keep_played, read_keep
from musearoo.bridge.requests.refine import compose_refine, read_refine
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.requests.song import compose_song, read_song
from musearoo.engines.analysis.scene.clips import AnalyzedClip, ScenePart
from musearoo.engines.errors import EngineError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Band, Character, Loudness
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.band.fallbacks import play_in_order
from musearoo.engines.players.params import Change
from tests.bridge.core.some_playing import a_recording, a_tune, chords_played
from tests.bridge.live_set.some_sets import recall, some_analysis, some_set
from tests.bridge.requests.test_generate import a_press
from tests.bridge.wording import without_prose
from tests.engines.presets_on_disk import STYLES as ALL_STYLES

STYLES = {name: ALL_STYLES[name] for name in ("funk", "house", "rock")}
END = ("r:1", 44_100, 1_800_000_000.0)
PLAYED = (None, Played(a_recording(a_tune(), 16.0)), Played(a_recording(chords_played(), 16.0)))

BANDS = (
    *(("sub", 20.0, 60.0), ("bass", 60.0, 200.0), ("low mid", 200.0, 600.0)),
    *(("mid", 600.0, 2500.0), ("high mid", 2500.0, 6000.0), ("air", 6000.0, 16_000.0)),
)


def _plain_player(engine: EngineRecord) -> EngineRecord:
    """An engine that plays what it was asked for: one note a bar, at a pitch and loudness that tell of it."""

    def generate(params: Any, context: MusicalContext, seed: int) -> Clip:
        if params.complexity == 1.0:
            raise EngineError("too busy")
        bar, key = context.meter.value.bar_beats, context.key.value
        pitch = 36 + (key.tonic if key else 12) + len(context.chords) % 12 + 12 * (seed % 3) + len(context.parts)
        swing = 1.0 if params.swing is None else params.swing
        notes = [
            Note(at * bar + params.density, pitch, 0.5 + params.humanise * swing / 4, 40.0 + 80.0 * params.complexity)
            for at in range(params.bars)
        ]
        return Clip.of(f"{params.style.name} {engine.part}", params.bars * bar, notes, context.meter.value)

    def refine(clip: Clip, change: Change, params: Any, _context: MusicalContext, seed: int) -> Clip:
        step = 1 + len(change.value) % 3 + seed % 3 + len(params.style.name) % 2
        return clip.with_notes(structs.replace(note, pitch=min(127, note.pitch + step)) for note in clip.notes)

    return replace(engine, generate=generate, refine=refine)


PLAIN = tuple(_plain_player(engine) for engine in ENGINES)


def composings(seed: int) -> list[tuple[str, object]]:
    """What becomes of one press of each kind in the set of a seed, which is told whole."""
    chance, mirror = Random(7000 + seed), some_set(seed)
    mirror.apply(SetReady(1))
    request = _generate(chance)
    played = chance.choice(PLAYED)
    heard = played.context if played is not None else lambda: None
    kinds: list[tuple[str, Callable[[], object]]] = [
        ("one engine", lambda: compose(read_request(mirror, request, PLAIN, recall), request, STYLES, *END, heard)),
        ("a band", lambda: _band(chance, mirror)),
        ("a change", lambda: _refine(chance, mirror)),
        ("an answer", lambda: _answer(chance, mirror, played)),
        ("what was played", lambda: _keep(chance, mirror, played)),
        ("what is heard", lambda: _hear(chance, mirror)),
        ("what is asked for", lambda: _context(mirror, request)),
    ]
    if seed % 2 == 0:
        kinds.append(("a mix", lambda: _mix(chance, mirror)))
    if seed % 4 == 0:
        kinds.append(("a song", lambda: _song(chance, mirror)))
    return [(kind, _tried(attempt)) for kind, attempt in kinds]


def _tried(attempt: Callable[[], object]) -> object:
    try:
        return without_prose(attempt())
    except RequestError as error:
        return error.code, without_prose(f" {error.sentence}")
    except ValueError as error:
        return type(error).__name__


def _generate(chance: Random, **changed: Any) -> Generate:
    values: dict[str, Any] = {
        "engine": chance.choice(PLAIN).name,
        "style": chance.choice(("", "funk", "house", "rock", "polka")),
        "bars": chance.choice((1, 2, 4)),
        "seed": chance.choice((7, -1, 8)),
        "complexity": chance.choice((0.0, 0.5, 0.5, 0.9, 1.0)),
        "density": chance.choice((0.25, 0.5)),
        "humanise": chance.choice((0.0, 0.5)),
        "swing": chance.choice((0.0, 0.0, 1.0, 1.5, 0.5)),
        "key": chance.choice(("", "", "", "D minor", "C", "H")),
        "chords": chance.choice(("", "", "", "Am F C G", "Bb Eb F7 Bb", "E A | B7 E", "", "X")),
        "track": chance.choice((-1, -1, 0, 0, 1)),
        "scene": chance.choice((-1, 0, 0, 0, 1, NEW_SCENE_INDEX)),
        "replace": chance.randrange(2),
        "takes": chance.choice((1, 1, 2, 3)),
        "bpm": chance.choice((0.0, 0.0, 97.0)),
        "changes": chance.choice(("", "", "louder", "busier, lower", "groove of track 1")),
    }
    return a_press(**{**values, **changed})


def _band(chance: Random, mirror: SetMirror) -> object:
    engine = chance.choice(("band", "band", "drums, bass", "bass, harmony, melody"))
    request = _generate(chance, engine=engine, style=chance.choice(("", "funk", "rock")), chords="", bars=2)
    return compose_band(read_band(mirror, request, PLAIN, recall), request, STYLES, PLAIN, *END, play_in_order, None)


def _refine(chance: Random, mirror: SetMirror) -> object:
    clips = [clip for clip in mirror.clips.values() if not clip.is_audio and clip.track in mirror.tracks]
    if not clips:
        return None
    clip = chance.choice(clips)
    scene = mirror.scenes[clip.scene].index if clip.scene in mirror.scenes else -1
    mirror.apply(replace(mirror.selection, clip=clip.id))
    bars, seed = (
        (chance.choice((0, 0, 1, 2)), chance.choice((0, 0, 1)), chance.choice((0, 0, 4))),
        chance.choice((7, -1)),
    )
    request = Refine(
        500,
        1,
        chance.choice(("", "busier", "louder, again", "simpler")),
        chance.choice(("", "", "house", "polka")),
        *bars,
        chance.choice((0, 0, 1)),
        seed,
        -1 if not clip.scene else mirror.tracks[clip.track].index,
        scene,
        chance.randrange(2),
        chance.choice((1, 1, 2)),
    )
    return compose_refine(read_refine(mirror, request, PLAIN, recall), request, STYLES, *END)


def _song(chance: Random, mirror: SetMirror) -> object:
    seconds, key, where = chance.choice((20.0, 45.0)), chance.choice(("", "D minor")), chance.randrange(2)
    request = WriteSong(500, 1, chance.choice(("house", "rock", "")), "", seconds, 7, 0.25, key, where)
    return compose_song(read_song(mirror, PLAIN), request, STYLES, PLAIN, *END, play_in_order, None)


def _mix(chance: Random, mirror: SetMirror) -> object:
    """Of what was heard alone: notes are measured by our synthesiser, whose last digits are a machine's own."""
    reading = read_mix(mirror, PLAIN, recall, chance.choice(("12.3.6", "12.3", "13.0", "12.2.9", "11.9", "")))
    tracks = []
    for track in reading.tracks:
        count = chance.choice((0, 1, 2, 2))
        clips = tuple((f"Scene {number}", ScenePart("x", _heard(chance))) for number in range(count))
        tracks.append(replace(track, clips=clips))
    pinned = chance.choice(("", "Voice, x", "rain"))
    request = Mix(500, 1, chance.choice(("funk", "")), pinned, chance.choice((0, 1, 1)))
    return compose_mix(replace(reading, tracks=tuple(tracks)), request, STYLES, "r:1", END[2])


def _heard(chance: Random) -> AnalyzedClip:
    """A clip that is loud in a few bands, or was too short to be measured."""
    loudness = None if chance.random() < 0.2 else Loudness(chance.choice((-12.0, -18.0, -25.0)), -3.0, 4.0)
    levels = chance.choice(((-4.0, -5.0, -10.0, -13.0, -13.0, -13.0), (-30.0, -15.0, -5.0, -4.0, -9.0, -15.0)))
    bands = tuple(Band(name, low, high, level, 0.0) for (name, low, high), level in zip(BANDS, levels, strict=True))
    register = Estimate((chance.choice((28, 40, 60)), 79), chance.choice((0.2, 0.7)), "clip")
    character = Character(bands=bands, register=register, loudness=loudness)
    return AnalyzedClip(replace(some_analysis(chance.randrange(1000)), character=character), (), 4.0)


def _answer(chance: Random, mirror: SetMirror, played: Played | None) -> object:
    request = _generate(chance, to_played="answer", style="funk", engine="melodyroo")
    reading = read_request(mirror, request, ENGINES, recall)
    made = compose_response(reading, request, STYLES, *END, played)
    # What is played is the engine's affair.
    return len(made.messages), [type(message).__name__ for message in made.messages], made.notices


def _keep(chance: Random, mirror: SetMirror, played: Played | None) -> object:
    request = Keep(500, 1, chance.choice((-1, 1, 2, 4, 64)), chance.choice((0.0, 1.0)), chance.choice((-1, 0, 1)), 0, 1)
    made = keep_played(read_keep(mirror, request), request, played, "r:1", END[2])
    return [type(message).__name__ for message in made.messages], made.notices


def _hear(chance: Random, mirror: SetMirror) -> object:
    request = Audition(500, 1, 1, chance.choice((-1, 0, 1)), chance.choice((-1, 0)))
    press = Compose((500, 1), 1, "r:1", request, 44_100, 20.0)
    return prepare_composition(mirror, press, Players(PLAIN, STYLES, play_in_order), END[2], recall)()


def _context(mirror: SetMirror, request: Generate) -> object:
    reading = read_request(mirror, replace(request, changes="", bpm=0.0), PLAIN, recall)
    context = in_requested_harmony(read_scene(reading.song, reading.neighbours, STYLES), request)
    return str(context.key.value), context.key.source, [str(span.chord.symbol) for span in context.chords]
