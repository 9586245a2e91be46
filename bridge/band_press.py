"""One press for the band: the parts that the scene lacks, each fitting all the others, in one row and one undo step.

As with one engine, reading is quick and runs in the event loop; composing runs beside it. Both are pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bridge.asked_music import as_asked, read_amounts
from bridge.composition import Composition
from bridge.listening import Passage
from bridge.mirror import SetMirror
from bridge.press import (
    PressError,
    choose_style,
    find_scene,
    own_track,
    read_neighbours,
    read_scene,
    require_set,
    seed_of,
)
from bridge.timing import place_on_samples
from bridge.wire import Generate, Refusal, SongState
from bridge.writer import NEW_TRACK, REPLACE, THIS_SLOT_ONLY, PartTrack, SceneClips, scenes_transaction
from engines.band.ladder import Pattern, Runner
from engines.band.scene import play_scene
from engines.brainaroo.scene import ScenePart
from engines.catalogue import EngineRecord, find_engine
from engines.errors import ParamError
from engines.music.analysis import Analysis
from engines.music.context import Role
from engines.params import EngineParams
from engines.styles.style import Style

BAND = "band"
"""What a press names for the whole band; several engines are named with commas between them."""


@dataclass(frozen=True, slots=True)
class BandReading:
    """What a press for the band needs of the set. `scene` is 0 where the row has to be new."""

    song: SongState
    roles: tuple[Role, ...] | None
    """The parts asked for; None for those of the style's band that do not play yet."""
    tracks: Mapping[Role, int]
    scene: int
    neighbours: tuple[ScenePart, ...]


def is_band(engine: str) -> bool:
    """Whether a press for this engine is one for several.

    >>> is_band("Band"), is_band("drums, bass"), is_band("drummaroo")
    (True, True, False)
    """
    return engine.strip().lower() == BAND or "," in engine


def read_band(
    mirror: SetMirror,
    generate: Generate,
    engines: Sequence[EngineRecord],
    recall: Callable[[Passage], Analysis | None],
) -> BandReading:
    """What the press needs of the set as the mirror has it; raises PressError when it cannot be done there."""
    song = require_set(mirror)
    try:
        wanted = [find_engine(name, engines) for name in generate.engine.split(",")] if "," in generate.engine else None
    except ParamError as error:
        raise PressError(Refusal.BAD_PARAMETER, f"{error}.") from error
    scene = find_scene(mirror, generate.scene)
    tracks = {engine.part: track.id for engine in wanted or engines if (track := own_track(mirror, engine))}
    # The whole band joins its own clips of earlier presses; several engines by name play another take, in another row.
    again = wanted is not None or bool(generate.replace)
    filled = [track for track in tracks.values() if again and mirror.clip_in_slot(track, scene.id)]
    return BandReading(
        song,
        None if wanted is None else tuple(engine.part for engine in wanted),
        {engine.part: tracks.get(engine.part, NEW_TRACK) for engine in wanted or engines},
        scene.id if generate.replace or not filled else 0,
        read_neighbours(mirror, scene.id, recall, without=filled),
    )


def compose_band(
    reading: BandReading,
    generate: Generate,
    styles: Mapping[str, Style],
    engines: Sequence[EngineRecord],
    request_id: str,
    sample_rate: int,
    deadline: float,
    run: Runner,
    pattern: Pattern | None,
) -> Composition:
    """The band's clips as one transaction; the same reading and press give the same notes."""
    try:
        context = as_asked(read_scene(reading.song, reading.neighbours, styles), generate)
        style = choose_style(styles, generate.style, context)
        params = EngineParams(style=style, **read_amounts(generate))
        seed = seed_of(generate.seed, request_id)
        scene = play_scene(params, context, seed, reading.roles, engines=engines, run=run, pattern=pattern)
    except ParamError as error:
        raise PressError(Refusal.BAD_PARAMETER, f"Band: {error}.") from error
    takes = [take for take in scene.takes if take.clip.notes]
    if not takes:
        why = " ".join(scene.sentences) or "Every part of this style's band plays in this scene already."
        raise PressError(Refusal.ENGINE_FAILED if scene.sentences else Refusal.SLOT_FILLED, why)
    titles = {engine.part: engine.title for engine in engines}
    tracks = [PartTrack.of(take.role, reading.tracks.get(take.role, NEW_TRACK), titles[take.role]) for take in takes]
    clips = [place_on_samples(take.clip, reading.song.tempo, sample_rate) for take in takes]
    name = f"{style.name} band"
    row = SceneClips(reading.scene, name, list(enumerate(clips)))
    where = REPLACE if generate.replace else THIS_SLOT_ONLY
    messages = scenes_transaction(tracks, [row], request_id, deadline, where)
    return Composition(messages, f"{name}: {', '.join(take.role for take in takes)}", scene.sentences)
