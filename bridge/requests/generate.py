"""A request for a clip, in two steps: read what it needs from the mirror, then compose. Both are pure.

Reading is quick and runs in the event loop; composing takes the engine's milliseconds and runs beside it.
"""

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from musearoo.bridge.live_set.listening import Passage, passage_of
from musearoo.bridge.live_set.mirror import MIDI_TRACK, SetMirror
from musearoo.bridge.live_set.scale import key_of_set
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.bridge.live_set.writer import NEW_SCENE, NEW_TRACK, PartTrack, takes_transaction
from musearoo.bridge.protocol import (
    NEW_SCENE_INDEX,
    ClipState,
    Generate,
    Refusal,
    SceneState,
    SetTempo,
    SongState,
    TrackState,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.asked_music import in_requested_harmony, read_amounts, with_modifiers
from musearoo.bridge.requests.composition import Composition, Recipe, TakePart
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.scene.merging import AnalyzedClip, ScenePart, merge_context
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM, MusicalContext
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord, find_engine
from musearoo.engines.players.options import read_options
from musearoo.engines.players.refining.modifiers import ModifierRequest, parse_modifiers
from musearoo.engines.players.takes import different_takes
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style

PlayedHarmony = Callable[[], MusicalContext | None]
"""Returns the live player's key and chords, or None. Called outside the event loop."""

MOST_SCENES: Final = 16
"""Scenes that are remembered: those of a press and its next players."""

SURE_STYLE: Final = 0.5
"""The least confidence at which a new part takes the scene's style."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of the set that a request for a clip needs: where the clip goes, and what plays with it."""

    song: SongState
    engine: EngineRecord
    track: PartTrack
    scene: int
    """Its id, or NEW_SCENE."""
    neighbours: tuple[ScenePart, ...]
    """The clips of the scene except the one in the request's own slot: notes, and audio that has been analysed."""
    asked: ModifierRequest
    groove: Groove | None
    """Of another track, if the request asks for it."""
    model: int = 0
    """The id of a track to take the instrument from, if the request asks for it; 0 for none."""
    sounds: Sounds | None = None


def read_request(
    mirror: SetMirror,
    generate: Generate,
    engines: Sequence[EngineRecord] = ENGINES,
    recall: Callable[[Passage], Analysis | None] = lambda _: None,
    sounds: Sounds | None = None,
) -> Reading:
    """Read the facts of the set from the mirror; raises RequestError if the request cannot be done there.

    `recall` gives what is known of an audio clip's passage by now; nobody waits for it to be heard. Without `sounds`
    nothing is loaded onto silent tracks.
    """
    engine = _engine(generate.engine, engines)
    song = read_song(mirror, generate)
    scene = scene_for(mirror, generate.scene)
    track = _track(mirror, generate, engine)
    asked = read_modifiers(generate.changes)
    return Reading(
        song=song,
        engine=engine,
        track=PartTrack.of(engine.part, track.id if track else NEW_TRACK, engine.title, mirror),
        scene=scene,
        neighbours=read_neighbours(mirror, scene, recall, without=(track.id,) if track else ()),
        asked=asked,
        groove=read_groove(mirror, scene, asked.groove_track, recall),
        model=find_model(mirror, asked.sound_track),
        sounds=sounds,
    )


def find_model(mirror: SetMirror, number: int | None) -> int:
    """Return the id of the track whose instrument is asked for, counted from 1; 0 for no number.

    Raises RequestError if it has no instrument.
    """
    if number is None:
        return 0
    track = mirror.track_at(number - 1)
    instrument = mirror.instruments.get(track.id) if track else None
    if track is None or instrument is None or not instrument.device:
        raise RequestError(Refusal.GONE, f"Track {number} has no instrument to take over: choose another.")
    return track.id


def read_song(mirror: SetMirror, generate: Generate) -> SongState:
    """Return the song of a set, at the request's tempo if it has one; raises RequestError for an invalid one."""
    song = require_set(mirror)
    if not generate.bpm:
        return song
    if not MIN_BPM <= generate.bpm <= MAX_BPM:
        sentence = (
            f"A tempo must be {MIN_BPM:g} to {MAX_BPM:g} BPM, which {generate.bpm:g} is not: nothing was written."
        )
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    return replace(song, tempo=generate.bpm)


def with_tempo(messages: tuple[Message, ...], generate: Generate) -> tuple[Message, ...]:
    """Return the transaction of a request with the edit for its tempo, if any."""
    return (*messages, SetTempo(generate.bpm)) if generate.bpm else messages


def read_modifiers(changes: str) -> ModifierRequest:
    """Return the modifiers of a request; raises RequestError for invalid ones."""
    try:
        return parse_modifiers(changes)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{error}.") from error


def refuse_sound(asked: ModifierRequest, why: str) -> None:
    """Raise RequestError if a request asks for the sound of a track where nothing takes it."""
    if asked.sound_track is not None:
        raise RequestError(Refusal.BAD_PARAMETER, f"The sound of track {asked.sound_track} goes to one new part: {why}")


def read_groove(
    mirror: SetMirror, scene: int, number: int | None, recall: Callable[[Passage], Analysis | None]
) -> Groove | None:
    """Return the groove of a track's clip in a scene, the track counted from 1; None for no track.

    Raises RequestError if there is none known.
    """
    if number is None:
        return None
    track = mirror.track_at(number - 1)
    other = mirror.clip_in_slot(track.id, scene) if track and scene else None
    part = read_part(mirror, other, recall) if other is not None else None
    if part is None:
        sentence = f"Track {number} has no clip in this scene whose groove is known: choose another."
        raise RequestError(Refusal.GONE, sentence)
    analysis = analyze_notes(part.content) if isinstance(part.content, Clip) else part.content.analysis
    return analysis.groove


def require_set(mirror: SetMirror) -> SongState:
    """Return the song of a set that has been reported completely; raises RequestError before that."""
    if mirror.song is None or not mirror.complete:
        raise RequestError(
            Refusal.NO_LIVE, "Live is still telling MuseAroo what is in the set: press again in a moment."
        )
    return mirror.song


def read_neighbours(
    mirror: SetMirror,
    scene: int,
    recall: Callable[[Passage], Analysis | None],
    without: Collection[int] = (),
) -> tuple[ScenePart, ...]:
    """Return what plays in a scene, except the tracks of the ids `without`: notes, and audio that has been analysed.

    The analysis of Listen counts too, whatever its track.
    """
    states = (state for state in mirror.clips_in_scene(scene) if state.track not in without)
    parts = [read_part(mirror, state, recall) for state in states]
    return tuple(part for part in (*parts, mirror.captures.get(scene)) if part is not None)


def read_part(mirror: SetMirror, state: ClipState, recall: Callable[[Passage], Analysis | None]) -> ScenePart | None:
    """Return a clip as others hear it: its notes, or the analysis of its sound; None if there is none."""
    name = mirror.tracks[state.track].name
    notes = mirror.midi_clip(state.id)
    if notes is not None:
        return ScenePart(name, notes)
    passage, region = passage_of(mirror, state.id), mirror.audio_region(state.id)
    analysis = recall(passage) if passage else None
    if analysis is None or region is None:
        return None
    beats, length = region.place_in_scene(state)
    return ScenePart(name, AnalyzedClip(analysis, beats, length))


def compose(
    reading: Reading,
    generate: Generate,
    styles: Mapping[str, Style],
    request_id: str,
    sample_rate: int,
    deadline: float,
    played_harmony: PlayedHarmony = lambda: None,
) -> Composition:
    """Compose a request: context, engine, timing, writer. The same reading and request give the same notes.

    `deadline` is Unix time; `played_harmony` returns what the player plays. Raises RequestError if a value is out of
    bounds or the engine fails.
    """
    engine = reading.engine
    try:
        scene = with_played(read_scene(reading.song, reading.neighbours, styles), played_harmony)
        context = in_requested_harmony(scene, generate)
        style = choose_style(styles, generate.style, context)
        params = engine.params(style=style, **read_amounts(generate), **read_options(engine.params, generate.options))

        def play(seed: int, _attempt: int) -> Clip:
            clip = engine.generate(params, context, seed)
            return with_modifiers(clip, reading.asked, reading.groove, engine, params, context, seed)

        seed = seed_of(generate.seed, request_id)
        takes = different_takes(play, seed, generate.takes)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{engine.title}: {error}.") from error
    except EngineError as error:
        raise RequestError(Refusal.ENGINE_FAILED, f"{engine.title}: {error}") from error
    written = write_takes(reading, generate, style, takes, request_id, sample_rate, deadline)
    return replace(written, recipe=Recipe(style.name, seed, context))


def write_takes(
    reading: Reading,
    generate: Generate,
    style: Style,
    takes: Sequence[Clip],
    request_id: str,
    sample_rate: int,
    deadline: float,
) -> Composition:
    """Return the transaction that writes the takes of one engine, placed on samples."""
    engine = reading.engine
    placed = [place_on_samples(take, reading.song.tempo, sample_rate) for take in takes]
    messages = takes_transaction(
        placed,
        request_id,
        deadline,
        track=reading.track.with_style(style, reading.sounds, reading.model),
        scene=reading.scene,
        replace=bool(generate.replace),
    )
    named, told = name_takes(takes[0].name, len(takes), generate.takes)
    if reading.model and not reading.track.is_silent:
        number = reading.asked.sound_track
        told = (*told, f"The track keeps its own instrument: track {number}'s is only for one that has none.")
    return Composition(with_tempo(messages, generate), named, told, (TakePart(engine.part, placed[0]),))


def with_played(context: MusicalContext, played_harmony: PlayedHarmony) -> MusicalContext:
    """Return the context with the player's chords and key, if the scene has none."""
    has_key = context.key.value is not None and context.key.source != "guess"
    played = played_harmony() if not context.chords or not has_key else None
    if played is None:
        return context
    key = context.key if has_key or played.key.value is None else played.key
    return replace(context, key=key, chords=context.chords or played.chords)


def name_takes(name: str, count: int, wanted: int) -> tuple[str, tuple[str, ...]]:
    """Return the common name of several takes, and a sentence if there are fewer than requested; "" for one, which has
    its clip's name.

    >>> name_takes("funk bass", 4, 4), name_takes("funk bass", 1, 1)
    (('funk bass, 4 takes', ()), ('', ()))
    """
    if wanted == 1:
        return "", ()
    named = f"{name}, {count} takes" if count > 1 else ""
    if count == wanted:
        return named, ()
    which = "only one take" if count == 1 else f"only {count} different takes"
    return named, (f"There was {which} of {name} to be had: ask for a busier one to get more.",)


class _KnownScenes:
    """The scenes that were read last: the next press reads the same ones, and style and groove take a millisecond."""

    def __init__(self) -> None:
        # Replaced as a whole, for several threads read scenes.
        self._known: tuple[tuple[SongState, tuple[ScenePart, ...], Mapping[str, Style], MusicalContext], ...] = ()

    def read(self, song: SongState, parts: tuple[ScenePart, ...], styles: Mapping[str, Style]) -> MusicalContext:
        for known_song, known_parts, known_styles, context in self._known:
            # Clips that have not changed are the same objects, so that this looks at no note.
            if styles is known_styles and song == known_song and parts == known_parts:
                return context
        context = _read_scene(song, parts, styles)
        self._known = ((song, parts, styles, context), *self._known[: MOST_SCENES - 1])
        return context


_KNOWN_SCENES: Final = _KnownScenes()


def read_scene(song: SongState, neighbours: Sequence[ScenePart], styles: Mapping[str, Style]) -> MusicalContext:
    """Return the musical context of the scene: the set's tempo and meter, its scale as a hint, and its clips."""
    return _KNOWN_SCENES.read(song, tuple(neighbours), styles)


def _read_scene(song: SongState, neighbours: Sequence[ScenePart], styles: Mapping[str, Style]) -> MusicalContext:
    hints = Hints(
        tempo=Estimate(song.tempo, 1.0, "set"),
        meter=Estimate(Meter(song.numerator, song.denominator), 1.0, "set"),
        key=key_of_set(song),
    )
    return merge_context(neighbours, hints, styles)


def choose_style(styles: Mapping[str, Style], name: str, context: MusicalContext) -> Style:
    """Return the style of that name or alias; for "" the scene's, or else the one of the nearest usual tempo.

    Raises ParamError for a name that no style has.
    """
    if name:
        return find_style(name, styles)
    if not styles:
        raise EngineError("no style could be read: run musearoo doctor.")
    heard = context.style.value
    if heard is not None and heard in styles and context.style.confidence >= SURE_STYLE:
        return styles[heard]
    bpm = context.tempo.value
    return min(styles.values(), key=lambda style: abs(style.tempo.usual - bpm))


def seed_of(seed: int, request_id: str) -> int:
    """Return the requested seed; for -1 one drawn from the request's id, so that a repeat gives the same notes."""
    return seed if seed >= 0 else zlib.crc32(request_id.encode("utf-8")) & 0x7FFFFFFF


def _engine(name: str, engines: Sequence[EngineRecord]) -> EngineRecord:
    try:
        return find_engine(name, engines)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{error}.") from error


def scene_for(mirror: SetMirror, index: int) -> int:
    """The id of the scene that something goes into, NEW_SCENE for one to be made; raises what `find_scene` raises."""
    return NEW_SCENE if index == NEW_SCENE_INDEX else find_scene(mirror, index).id


def find_scene(mirror: SetMirror, index: int) -> SceneState:
    """Return the scene at an index: -1 is the selected one, else the first. Raises RequestError without a scene."""
    if index >= 0:
        scene = mirror.scene_at(index)
        if scene is None:
            sentence = f"Scene {index + 1} is not in the set any more: select another and press again."
            raise RequestError(Refusal.GONE, sentence)
        return scene
    scene = mirror.scenes.get(mirror.selection.scene) or mirror.scene_at(0)
    if scene is None:
        raise RequestError(Refusal.GONE, "The set has no scene to put the clip into.")
    return scene


def find_clip(mirror: SetMirror, track: int, scene: int) -> ClipState:
    """Return the clip at these indices, or the one in Detail View for track -1; raises RequestError without a clip."""
    if track < 0:
        state = mirror.clips.get(mirror.selection.clip)
        if state is None:
            raise RequestError(Refusal.GONE, "No clip is shown in Detail View: click one, then press again.")
        return state
    column = mirror.track_at(track)
    row = mirror.scene_at(scene) if scene >= 0 else mirror.scenes.get(mirror.selection.scene)
    state = mirror.clip_in_slot(column.id, row.id) if column and row else None
    if state is None:
        raise RequestError(Refusal.GONE, "There is no clip in that slot: choose one, then press again.")
    return state


def _track(mirror: SetMirror, generate: Generate, engine: EngineRecord) -> TrackState | None:
    """The track for the clip, or None for a new one: a MIDI clip needs a MIDI track."""
    if generate.track >= 0:
        track = mirror.track_at(generate.track)
        if track is None:
            sentence = f"Track {generate.track + 1} is not in the set any more: nothing was written."
            raise RequestError(Refusal.GONE, sentence)
        if track.kind == MIDI_TRACK:
            return track
    return own_track(mirror, engine)


def own_track(mirror: SetMirror, engine: EngineRecord) -> TrackState | None:
    """Return the leftmost MIDI track that an engine made for itself before, or None."""
    return next(iter(mirror.tracks_named(MIDI_TRACK, engine.title)), None)
