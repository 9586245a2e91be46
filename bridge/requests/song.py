"""A request for a song: its sections as scenes in Session view, or on the timeline of the Arrangement. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.bridge.live_set.writer import (
    NEW_SCENE,
    NEW_TRACK,
    PartTrack,
    SceneClips,
    scenes_transaction,
    timeline_transaction,
)
from musearoo.bridge.protocol import Refusal, SongState, WriteSong
from musearoo.bridge.requests.composition import Composition, Recipe
from musearoo.bridge.requests.generate import choose_style, own_track, read_scene, require_set, seed_of
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import nearest_sample
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.arrangement.song_plan import Instrument
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.band.fallbacks import Pattern, Runner
from musearoo.engines.players.band.song import Song, play_song
from musearoo.engines.styles.schema import Style

SESSION, ARRANGEMENT = 0, 1
"""Values of `where` in /roo/song."""


@dataclass(frozen=True, slots=True)
class SongReading:
    """The facts of the set that a song needs: tempo and meter, the engines' tracks, and free space on the timeline."""

    song: SongState
    tracks: Mapping[Role, PartTrack]
    free_from: float
    """The beat after the last clip on those tracks in the Arrangement."""
    sounds: Sounds | None = None


def read_song(mirror: SetMirror, engines: Sequence[EngineRecord], sounds: Sounds | None = None) -> SongReading:
    """Read the facts of the set from the mirror; raises RequestError if the request cannot be done there.

    Without `sounds` nothing is loaded onto silent tracks.
    """
    song = require_set(mirror)
    own = {engine.part: track.id for engine in engines if (track := own_track(mirror, engine))}
    tracks = {
        engine.part: PartTrack.of(engine.part, own.get(engine.part, NEW_TRACK), engine.title, mirror)
        for engine in engines
    }
    ends = [clip.start + clip.length for track in own.values() for clip in mirror.clips_in_arrangement(track)]
    bar = Meter(song.numerator, song.denominator).bar_beats
    return SongReading(song, tracks, math.ceil(max(ends, default=0.0) / bar - 1e-6) * bar, sounds)


def compose_song(
    reading: SongReading,
    request: WriteSong,
    styles: Mapping[str, Style],
    engines: Sequence[EngineRecord],
    request_id: str,
    sample_rate: int,
    deadline: float,
    run: Runner,
    pattern: Pattern | None,
) -> Composition:
    """Return the song as one transaction; the same reading and request give the same notes."""
    state = reading.song
    try:
        context = read_scene(state, (), styles)
        style = choose_style(styles, request.style, context)
        params = SongParams(
            style=style,
            seconds=request.seconds,
            form=request.form or None,
            bpm=state.tempo,
            key=Key.parse(request.key) if request.key else context.key.value,
            meter=Meter(state.numerator, state.denominator),
        )
        seed = seed_of(request.seed, request_id)
        arrangement = plan_song(params, seed)
        song = play_song(
            arrangement, style, seed, complexity=request.complexity, engines=engines, run=run, pattern=pattern
        )
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"Song: {error}.") from error
    roles = [role for role, clip in song.clips.items() if clip.notes]
    played_on: dict[Role, Instrument] = {each.role: each for each in arrangement.instruments}
    tracks = [reading.tracks[role].with_instrument(played_on.get(role), reading.sounds) for role in roles]
    if request.where == ARRANGEMENT:
        clips = _on_the_timeline(song, roles, reading.free_from, state.tempo, sample_rate)
        locators = [(mark.name, reading.free_from + mark.beat) for mark in arrangement.locators]
        messages = timeline_transaction(tracks, clips, locators, request_id, deadline)
    else:
        messages = scenes_transaction(tracks, _rows(song, roles, state.tempo, sample_rate), request_id, deadline)
    minutes, seconds = divmod(round(arrangement.seconds), 60)
    name = f"{style.name} song in {arrangement.key}, {arrangement.form}, {minutes}:{seconds:02d}"
    return Composition(messages, name, song.sentences, recipe=Recipe(style.name, seed, None, arrangement.key))


def _rows(song: Song, roles: Sequence[Role], bpm: float, sample_rate: int) -> list[SceneClips]:
    """Return a scene for each section, with its clips."""
    rows = []
    for played in song.sections:
        clips = [(place, played.clip(role)) for place, role in enumerate(roles)]
        sounding = [
            (place, replace(place_on_samples(clip, bpm, sample_rate), name=f"{played.section.name} {roles[place]}"))
            for place, clip in clips
            if clip is not None and clip.notes
        ]
        rows.append(SceneClips(NEW_SCENE, played.section.name, sounding))
    return rows


def _on_the_timeline(
    song: Song, roles: Sequence[Role], offset: float, bpm: float, sample_rate: int
) -> list[tuple[int, float, Clip]]:
    """Return a clip for each section and part, with every onset on a sample counted from the start of the set."""
    clips = []
    for played in song.sections:
        start = offset + played.section.start
        for place, role in enumerate(roles):
            clip = played.clip(role)
            if clip is not None and clip.notes:
                named = replace(clip, name=f"{played.section.name} {role}")
                clips.append((place, start, _placed_from(named, start, bpm, sample_rate)))
    return clips


def _placed_from(clip: Clip, start: float, bpm: float, sample_rate: int) -> Clip:
    """Return the clip on the samples of a timeline on which it begins at `start`, which may be between two of them."""
    late = nearest_sample(start, bpm, sample_rate) - start
    placed = place_on_samples(clip, bpm, sample_rate)
    return placed.with_notes(
        structs.replace(note, start=min(max(0.0, note.start + late), clip.length - 1e-9)) for note in placed.notes
    )
