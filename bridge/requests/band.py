"""A request for the band: compose the parts that the scene lacks, in one row and one undo step.

As with one engine, reading is quick and runs in the event loop; composing runs beside it. Both are pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.bridge.live_set.writer import (
    NEW_SCENE,
    NEW_TRACK,
    REPLACE,
    THIS_SLOT_ONLY,
    PartTrack,
    SceneClips,
    scenes_transaction,
)
from musearoo.bridge.protocol import Generate, Refusal, SongState
from musearoo.bridge.requests.asked_music import in_requested_harmony, read_amounts, with_modifiers
from musearoo.bridge.requests.composition import Composition, Recipe, TakePart
from musearoo.bridge.requests.generate import (
    PlayedHarmony,
    choose_style,
    name_takes,
    own_track,
    read_groove,
    read_modifiers,
    read_neighbours,
    read_scene,
    read_song,
    refuse_sound,
    scene_for,
    seed_of,
    with_played,
    with_tempo,
)
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.analysis.scene.clips import ScenePart
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.band.catalogue import EngineRecord, find_engine
from musearoo.engines.players.band.fallbacks import Pattern, Runner, Take
from musearoo.engines.players.band.scene import Scene, params_for, play_scene
from musearoo.engines.players.options import share_options
from musearoo.engines.players.params import EngineParams
from musearoo.engines.players.refining.modifiers import ModifierRequest
from musearoo.engines.players.takes import different_takes
from musearoo.engines.styles.schema import Style

BAND = "band"
"""The engine name for the whole band; several engines are named with commas between them."""


@dataclass(frozen=True, slots=True)
class BandReading:
    """The facts of the set that a request for the band needs."""

    song: SongState
    roles: tuple[Role, ...] | None
    """The parts asked for; None for those of the style's band that do not play yet."""
    tracks: Mapping[Role, PartTrack]
    rows: tuple[int, ...]
    """The scenes of its takes, by id, NEW_SCENE where one has to be made."""
    neighbours: tuple[ScenePart, ...]
    asked: ModifierRequest
    groove: Groove | None
    sounds: Sounds | None = None


def is_band(engine: str) -> bool:
    """Whether a request for this engine is for several engines.

    >>> is_band("Band"), is_band("drums, bass"), is_band("drummaroo")
    (True, True, False)
    """
    return engine.strip().lower() == BAND or "," in engine


def read_band(
    mirror: SetMirror,
    generate: Generate,
    engines: Sequence[EngineRecord],
    recall: Callable[[Passage], Analysis | None],
    sounds: Sounds | None = None,
) -> BandReading:
    """Read the facts of the set from the mirror; raises RequestError if the request cannot be done there.

    Without `sounds` nothing is loaded onto silent tracks.
    """
    song = read_song(mirror, generate)
    try:
        wanted = [find_engine(name, engines) for name in generate.engine.split(",")] if "," in generate.engine else None
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"{error}.") from error
    scene = scene_for(mirror, generate.scene)
    tracks = {engine.part: track.id for engine in wanted or engines if (track := own_track(mirror, engine))}
    # The whole band joins its own clips of earlier requests; several engines by name play another take, in another row.
    again = wanted is not None or bool(generate.replace)
    filled = [track for track in tracks.values() if again and mirror.clip_in_slot(track, scene)]
    first = scene if generate.replace or not filled else NEW_SCENE
    asked = read_modifiers(generate.changes)
    refuse_sound(asked, "ask for each part on its own.")
    return BandReading(
        song=song,
        roles=None if wanted is None else tuple(engine.part for engine in wanted),
        tracks={
            engine.part: PartTrack.of(engine.part, tracks.get(engine.part, NEW_TRACK), engine.title, mirror)
            for engine in wanted or engines
        },
        rows=(first, *_empty_rows(mirror, scene, generate.takes - 1)),
        neighbours=read_neighbours(mirror, scene, recall, without=filled),
        asked=asked,
        groove=read_groove(mirror, scene, asked.groove_track, recall),
        sounds=sounds,
    )


def _empty_rows(mirror: SetMirror, scene: int, count: int) -> list[int]:
    """Return so many scenes below one that are empty in all tracks, and new ones if there are too few."""
    above = mirror.scenes.get(scene)
    if not count or above is None:
        return [NEW_SCENE] * count
    below = sorted((row for row in mirror.scenes.values() if row.index > above.index), key=lambda row: row.index)
    empty = [row.id for row in below if mirror.is_scene_empty(row.id)][:count]
    return [*empty, *[NEW_SCENE] * (count - len(empty))]


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
    played_harmony: PlayedHarmony = lambda: None,
) -> Composition:
    """Return the band's clips as one transaction; the same reading, request and playing give the same notes."""
    try:
        context = in_requested_harmony(
            with_played(read_scene(reading.song, reading.neighbours, styles), played_harmony), generate
        )
        style = choose_style(styles, generate.style, context)
        params = EngineParams(style=style, **read_amounts(generate))
        players = {engine.part: engine for engine in engines if engine.part in reading.tracks}
        options = share_options({role: player.params for role, player in players.items()}, generate.options)

        def play(seed: int, _attempt: int) -> Scene:
            scene = play_scene(
                params,
                context,
                seed,
                roles=reading.roles,
                engines=engines,
                run=run,
                pattern=pattern,
                options=options,
            )
            own = {role: params_for(player, params, options[role]) for role, player in players.items()}
            return replace(
                scene, takes=tuple(_with_modifiers(take, scene, reading, players, own, seed) for take in scene.takes)
            )

        seed = seed_of(generate.seed, request_id)
        scenes = different_takes(play, seed, generate.takes, _notes_of)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"Band: {error}.") from error
    except EngineError as error:
        raise RequestError(Refusal.ENGINE_FAILED, f"Band: {error}") from error
    sentences = tuple(dict.fromkeys(sentence for scene in scenes for sentence in scene.sentences))
    roles = list(dict.fromkeys(take.role for scene in scenes for take in scene.takes if take.clip.notes))
    if not roles:
        why = " ".join(sentences) or "Every part of this style's band plays in this scene already."
        raise RequestError(Refusal.ENGINE_FAILED if sentences else Refusal.SLOT_FILLED, why)
    tracks = [reading.tracks[role].with_style(style, reading.sounds) for role in roles]
    name = f"{style.name} band"
    rows = [
        SceneClips(row, name, _placed(scene, roles, reading, sample_rate))
        for row, scene in zip(reading.rows, scenes, strict=False)
    ]
    where = REPLACE if generate.replace else THIS_SLOT_ONLY
    messages = scenes_transaction(tracks, rows, request_id, deadline, where)
    named, told = name_takes(name, len(scenes), generate.takes)
    parts = tuple(TakePart(roles[place], clip) for place, clip in rows[0].clips)
    made = f"{named or name}: {', '.join(roles)}"
    recipe = Recipe(style.name, seed, context)
    return Composition(with_tempo(messages, generate), made, (*sentences, *told), parts, recipe=recipe)


def _with_modifiers(
    take: Take,
    scene: Scene,
    reading: BandReading,
    players: Mapping[Role, EngineRecord],
    params: Mapping[Role, EngineParams],
    seed: int,
) -> Take:
    """Return a take of the band with its modifiers; the other parts stay as they were played."""
    if not take.clip.notes:
        return take
    others = tuple(part for part in scene.context.parts if part.role != take.role)
    beside = replace(scene.context, parts=others)
    role = take.role
    return replace(
        take, clip=with_modifiers(take.clip, reading.asked, reading.groove, players[role], params[role], beside, seed)
    )


def _notes_of(scene: Scene) -> object:
    return [take.clip.notes for take in scene.takes]


def _placed(scene: Scene, roles: Sequence[Role], reading: BandReading, sample_rate: int) -> list[tuple[int, Clip]]:
    """The clips of a row with the places of their tracks."""
    return [
        (roles.index(take.role), place_on_samples(take.clip, reading.song.tempo, sample_rate))
        for take in scene.takes
        if take.clip.notes
    ]
