"""One press that changes a clip: which clip is meant, who plays it, what is wished, and where the result goes. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.composition import Composition
from bridge.listening import Passage
from bridge.mirror import MIDI_TRACK, SetMirror
from bridge.press import (
    PressError,
    choose_style,
    find_clip,
    read_neighbours,
    read_part,
    read_scene,
    require_set,
    seed_of,
)
from bridge.timing import place_on_samples
from bridge.wire import ClipState, Refine, Refusal, SongState
from bridge.writer import PartTrack, clip_transaction, notes_transaction
from engines.brainaroo.reading import analyze_notes
from engines.brainaroo.roles import guess_role
from engines.brainaroo.scene import ScenePart
from engines.catalogue import EngineRecord
from engines.errors import EngineError, ParamError
from engines.music.analysis import Analysis, Groove
from engines.music.clip import Clip
from engines.music.context import MusicalContext
from engines.refining.refine import refine_clip
from engines.refining.wishes import Asked, Refinement, parse_wishes
from engines.styles.reading import find_style
from engines.styles.style import Style


@dataclass(frozen=True, slots=True)
class RefineReading:
    """What a change of a clip needs of the set."""

    song: SongState
    state: ClipState
    clip: Clip
    engine: EngineRecord
    track: PartTrack
    neighbours: tuple[ScenePart, ...]
    asked: Asked
    groove: Groove | None


def read_refine(
    mirror: SetMirror,
    order: Refine,
    engines: Sequence[EngineRecord],
    recall: Callable[[Passage], Analysis | None],
) -> RefineReading:
    """What the press needs of the set as the mirror has it; raises PressError when it cannot be done there."""
    song = require_set(mirror)
    state = _find_clip(mirror, order)
    clip = mirror.midi_clip(state.id)
    track = mirror.tracks.get(state.track)
    if clip is None or track is None or track.kind != MIDI_TRACK:
        raise PressError(Refusal.WRONG_TRACK, f"“{state.name}” is no MIDI clip: choose one whose notes can be changed.")
    engine = _player_of(track.name, clip, engines)
    try:
        asked = parse_wishes(order.changes)
    except ParamError as error:
        raise PressError(Refusal.BAD_PARAMETER, f"{error}.") from error
    return RefineReading(
        *(song, state, clip, engine, PartTrack(track.id, track.name, state.color)),
        read_neighbours(mirror, state.scene, recall, without=(track.id,)),
        *(asked, _groove_of(mirror, state, asked.groove_track, recall)),
    )


def compose_refine(
    reading: RefineReading,
    order: Refine,
    styles: Mapping[str, Style],
    request_id: str,
    sample_rate: int,
    deadline: float,
) -> Composition:
    """The changed clip as a transaction; the same reading and press give the same notes."""
    engine, clip = reading.engine, reading.clip
    try:
        context = read_scene(reading.song, reading.neighbours, styles)
        context = replace(context, meter=replace(context.meter, value=clip.meter))
        params = engine.params(style=_style_of(clip, styles, context))
        refinement = Refinement(
            reading.asked.wishes,
            style=find_style(order.style, styles) if order.style else None,
            bars=(max(1, order.first_bar), order.last_bar or 9999) if order.first_bar or order.last_bar else None,
            groove=(reading.groove, reading.asked.groove_amount) if reading.groove else None,
            vary_bars=order.vary_bars or None,
        )
        seed = seed_of(order.seed, request_id)
        changed = refine_clip(engine, clip, refinement, params, context, seed)
        placed = place_on_samples(changed, reading.song.tempo, sample_rate)
    except ParamError as error:
        raise PressError(Refusal.BAD_PARAMETER, f"{engine.title}: {error}.") from error
    except EngineError as error:
        raise PressError(Refusal.ENGINE_FAILED, f"{engine.title}: {error}") from error
    same_length = abs(placed.length - clip.length) < 1e-9
    if not reading.state.scene and not (order.replace and same_length):
        sentence = "A clip of the Arrangement can only be changed in place, at its length: ask for it to be replaced."
        raise PressError(Refusal.BAD_PARAMETER, sentence)
    if order.replace and same_length and not reading.state.loop_start and not reading.state.start_marker:
        return Composition(notes_transaction(reading.state.id, placed, request_id, deadline), clip.name)
    messages = clip_transaction(
        placed, request_id, deadline, track=reading.track, scene=reading.state.scene, replace=bool(order.replace)
    )
    return Composition(messages)


def _find_clip(mirror: SetMirror, order: Refine) -> ClipState:
    if order.take:
        track = mirror.track_at(order.track) if order.track >= 0 else None
        shown = mirror.clips.get(mirror.selection.clip)
        track_id = track.id if track else shown.track if shown else mirror.selection.track
        takes = [
            clip for scene in mirror.scenes for clip in (mirror.clip_in_slot(track_id, scene),) if clip is not None
        ]
        takes.sort(key=lambda clip: mirror.scenes[clip.scene].index)
        if order.take > len(takes):
            raise PressError(Refusal.GONE, f"This track has {len(takes)} takes, there is no take {order.take}.")
        return takes[order.take - 1]
    return find_clip(mirror, order.track, order.scene)


def _player_of(track_name: str, clip: Clip, engines: Sequence[EngineRecord]) -> EngineRecord:
    for engine in engines:
        if engine.title == track_name or engine.name == track_name.lower():
            return engine
    for name in (clip.name, track_name):
        role, _ = guess_role(name, clip)
        for engine in engines:
            if engine.part == role:
                return engine
    raise PressError(
        Refusal.WRONG_TRACK, f"Nobody knows who plays “{clip.name}”: name its track Drums, Bass or Chords."
    )


def _style_of(clip: Clip, styles: Mapping[str, Style], context: MusicalContext) -> Style:
    """The style that the clip's name says, as ours do ("funk drums"); else what suits the scene."""
    named = [name for name in styles if clip.name.lower().startswith(name.lower() + " ")]
    return styles[max(named, key=len)] if named else choose_style(styles, "", context)


def _groove_of(
    mirror: SetMirror,
    state: ClipState,
    number: int | None,
    recall: Callable[[Passage], Analysis | None],
) -> Groove | None:
    """The groove of the clip that another track, counted from 1, has in the same scene."""
    if number is None:
        return None
    track = mirror.track_at(number - 1)
    other = mirror.clip_in_slot(track.id, state.scene) if track and state.scene else None
    part = read_part(mirror, other, recall) if other is not None else None
    if part is None:
        sentence = f"Track {number} has no clip in this scene whose groove is known: choose another."
        raise PressError(Refusal.GONE, sentence)
    analysis = analyze_notes(part.content) if isinstance(part.content, Clip) else part.content.analysis
    return analysis.groove
