"""A request to change a clip: find the clip, its engine and modifiers, and the slot for the result. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import MIDI_TRACK, SetMirror
from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.bridge.live_set.writer import PartTrack, notes_transaction, takes_transaction
from musearoo.bridge.protocol import ClipState, Refine, Refusal, SongState
from musearoo.bridge.requests.composition import Composition, Recipe, TakePart
from musearoo.bridge.requests.generate import (
    choose_style,
    find_clip,
    name_takes,
    read_groove,
    read_modifiers,
    read_neighbours,
    read_scene,
    refuse_sound,
    require_set,
    seed_of,
)
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.scene.clips import ScenePart
from musearoo.engines.analysis.symbolic.roles import guess_role
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.refining.modifiers import Modifier, ModifierRequest, Refinement
from musearoo.engines.players.refining.variation import refine_clip
from musearoo.engines.players.takes import different_takes
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style

SAME_CLIP: Final = 2
"""Seeds to try for a different take of a change before the clip itself is varied."""


@dataclass(frozen=True, slots=True)
class RefineReading:
    """The facts of the set that a change of a clip needs."""

    song: SongState
    state: ClipState
    clip: Clip
    engine: EngineRecord
    track: PartTrack
    neighbours: tuple[ScenePart, ...]
    asked: ModifierRequest
    groove: Groove | None


def read_refine(
    mirror: SetMirror,
    request: Refine,
    engines: Sequence[EngineRecord],
    recall: Callable[[Passage], Analysis | None],
) -> RefineReading:
    """Read the facts of the set from the mirror; raises RequestError if the request cannot be done there."""
    song = require_set(mirror)
    state = _find_clip(mirror, request)
    clip = mirror.midi_clip(state.id)
    track = mirror.tracks.get(state.track)
    if clip is None or track is None or track.kind != MIDI_TRACK:
        raise RequestError(
            Refusal.WRONG_TRACK, f"“{state.name}” is no MIDI clip: choose one whose notes can be changed."
        )
    engine = _player_of(track.name, clip, engines)
    asked = read_modifiers(request.changes)
    refuse_sound(asked, "this clip's track keeps its instrument.")
    return RefineReading(
        song=song,
        state=state,
        clip=clip,
        engine=engine,
        track=PartTrack(track.id, track.name, state.color, kit=mirror.kit_of(track.id)),
        neighbours=read_neighbours(mirror, state.scene, recall, without=(track.id,)),
        asked=asked,
        groove=read_groove(mirror, state.scene, asked.groove_track, recall),
    )


def compose_refine(
    reading: RefineReading,
    request: Refine,
    styles: Mapping[str, Style],
    request_id: str,
    sample_rate: int,
    deadline: float,
) -> Composition:
    """Return the changed clip as a transaction; the same reading and request give the same notes."""
    engine, clip = reading.engine, reading.clip
    try:
        context = read_scene(reading.song, reading.neighbours, styles)
        context = replace(context, meter=replace(context.meter, value=clip.meter))
        style = _style_of(clip, styles, context)
        params = engine.params(style=style)
        refinement = Refinement(
            reading.asked.modifiers,
            style=find_style(request.style, styles) if request.style else None,
            bars=(max(1, request.first_bar), request.last_bar or 9999)
            if request.first_bar or request.last_bar
            else None,
            groove=(reading.groove, reading.asked.groove_amount) if reading.groove else None,
            vary_bars=request.vary_bars or None,
        )

        def play(seed: int, attempt: int) -> Clip:
            # Modifiers of velocity alone ignore the seed: then each take starts from a variation of the clip.
            modifiers = reading.asked.modifiers if attempt < SAME_CLIP else (Modifier.AGAIN, *reading.asked.modifiers)
            return refine_clip(engine, clip, replace(refinement, modifiers=modifiers), params, context, seed)

        seed = seed_of(request.seed, request_id)
        takes = different_takes(play, seed, request.takes)
        placed = [place_on_samples(take, reading.song.tempo, sample_rate) for take in takes]
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{engine.title}: {error}.") from error
    except EngineError as error:
        raise RequestError(Refusal.ENGINE_FAILED, f"{engine.title}: {error}") from error
    state = reading.state
    is_alike = abs(placed[0].length - clip.length) < 1e-9 and not state.loop_start and not state.start_marker
    in_place = request.replace and request.takes == 1 and is_alike
    if not state.scene and not in_place:
        sentence = "A clip of the Arrangement can only be changed in place, at its length: ask for it to be replaced."
        raise RequestError(Refusal.BAD_PARAMETER, sentence)
    parts, recipe = (TakePart(engine.part, placed[0]),), Recipe(style.name, seed, context)
    if in_place:
        replaced = notes_transaction(state.id, placed[0], reading.track, request_id, deadline)
        return Composition(replaced, clip.name, (), parts, recipe=recipe)
    messages = takes_transaction(
        placed, request_id, deadline, track=reading.track, scene=state.scene, replace=bool(request.replace)
    )
    named, told = name_takes(takes[0].name, len(takes), request.takes)
    return Composition(messages, named, told, parts, recipe=recipe)


def _find_clip(mirror: SetMirror, request: Refine) -> ClipState:
    if request.take:
        track = mirror.track_at(request.track) if request.track >= 0 else None
        shown = mirror.clips.get(mirror.selection.clip)
        track_id = track.id if track else shown.track if shown else mirror.selection.track
        takes = [clip for clip in mirror.clips_on_track(track_id) if clip.scene in mirror.scenes]
        takes.sort(key=lambda clip: mirror.scenes[clip.scene].index)
        if request.take > len(takes):
            raise RequestError(Refusal.GONE, f"This track has {len(takes)} takes, there is no take {request.take}.")
        return takes[request.take - 1]
    return find_clip(mirror, request.track, request.scene)


def _player_of(track_name: str, clip: Clip, engines: Sequence[EngineRecord]) -> EngineRecord:
    for engine in engines:
        if engine.title == track_name or engine.name == track_name.lower():
            return engine
    for name in (clip.name, track_name):
        role, _ = guess_role(name, clip)
        for engine in engines:
            if engine.part == role:
                return engine
    raise RequestError(
        Refusal.WRONG_TRACK, f"Nobody knows who plays “{clip.name}”: name its track Drums, Bass or Chords."
    )


def _style_of(clip: Clip, styles: Mapping[str, Style], context: MusicalContext) -> Style:
    """Return the style in the clip's name ("funk drums"), else what suits the scene."""
    named = [name for name in styles if clip.name.lower().startswith(name.lower() + " ")]
    return styles[max(named, key=len)] if named else choose_style(styles, "", context)
