"""Perform a request in a set without Live: read, compose and write, by the same functions as the daemon. Pure.

The same set, request and request id give the same notes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import msgspec

from musearoo import __version__
from musearoo.bridge.api.sets.editing import as_edited
from musearoo.bridge.api.sets.messages import message_of
from musearoo.bridge.api.sets.notes import note_rows
from musearoo.bridge.api.sets.spreading import spread
from musearoo.bridge.api.sets.transactions import AudioFacts, Performed, perform
from musearoo.bridge.api.types.answers import Take
from musearoo.bridge.api.types.requests import AnyRequest, Edit, RefineSeveral
from musearoo.bridge.core.composing import Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose, Request
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.scale import key_of_set
from musearoo.bridge.protocol import (
    ApiEdit,
    CreateArrangementClip,
    CreateClip,
    Generate,
    Mix,
    MixerState,
    Refine,
    Refusal,
    ReplaceNotes,
    SceneState,
    Selection,
    SetReady,
    SongState,
    TrackState,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.composition import Composition, Recipe
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import EngineRecord

SAMPLE_RATE: Final = 48_000
"""Hz: the grid of onsets in a set without Live."""
MASTER: Final = 4
SAME_LENGTH: Final = 1e-6
"""Beats: clips whose lengths differ by less are as long as each other."""
COMPOSED: Final = (Generate, Refine, WriteSong, Mix, Adjust, ChangeSeveral, ApiEdit)
"""Messages of requests that are composed at once."""


@dataclass(frozen=True, slots=True)
class StoredSet:
    """A set without Live at one version. `next_id` is the id of its next object."""

    mirror: SetMirror
    version: int
    next_id: int


@dataclass(frozen=True, slots=True)
class Written:
    """A request that was performed: the change of the set, its takes, and sentences for the user."""

    performed: Performed
    sentence: str
    notices: tuple[str, ...]
    takes: tuple[Take, ...]
    milliseconds: float


def new_set(name: str, bpm: float = 120.0, time_signature: str = "4/4", key: str = "") -> tuple[Message, ...]:
    """Return the messages of an empty set with one scene; raises ParamError for an invalid value."""
    meter, scale = Meter.parse(time_signature), Key.parse(key) if key else None
    if not 20.0 <= bpm <= 999.0:
        raise ParamError("bpm", "20 to 999", bpm)
    song = SongState(
        name=name,
        tempo=bpm,
        numerator=meter.numerator,
        denominator=meter.denominator,
        root_note=0 if scale is None else scale.tonic,
        scale_name="Major" if scale is None else scale.scale,
        scale_mode=0 if scale is None else 1,
        is_playing=0,
    )
    master = TrackState(id=1, index=0, kind=MASTER, name="Master", color=0, group=0, muted=0, soloed=0, armed=0)
    mixer = MixerState(track=1, volume=0.85, panning=0.0, held="", sends=())
    return song, master, mixer, SceneState(2, 0, ""), Selection(0, 2, 0), SetReady(2)


def perform_request(stored: StoredSet, request: AnyRequest, request_id: str, session: str, players: Players) -> Written:
    """Compose a request and write it into a set without audio; raises RequestError if that cannot be done."""
    request = spread(request, stored.mirror)
    message = message_of(request, session=1, press=1)
    if not isinstance(message, COMPOSED):
        raise ValueError(f"{type(message).__name__} is not composed at once")
    return perform_message(stored, request, message, request_id, session, players)


def move_to_slot(request: AnyRequest, mirror: SetMirror, clip: int) -> AnyRequest:
    """Return a request for the slot in which a clip is now, or for the clip itself to edit it.

    Raises RequestError if it is not in the set any more.
    """
    if isinstance(request, Edit):
        return msgspec.structs.replace(request, take=None, clip=clip, track=None, scene=None)
    state = mirror.clips.get(clip)
    scene = mirror.scenes.get(state.scene) if state is not None else None
    if state is None or scene is None:
        raise RequestError(Refusal.GONE, "The take's clip is not in the set any more: nothing was written.")
    place = {"track": mirror.tracks[state.track].index + 1, "scene": scene.index + 1}
    return msgspec.structs.replace(request, **place)


def perform_message(
    stored: StoredSet,
    request: AnyRequest,
    asked: Request,
    request_id: str,
    session: str,
    players: Players,
    recall: Callable[[Passage], Analysis | None] = lambda _: None,
    song: Mapping[str, int] = MappingProxyType({}),
    parent: Mapping[str, Any] = MappingProxyType({}),
) -> Written:
    """Compose a request, of which `asked` is the message, and write it into the set.

    Changes of several clips are one transaction. `recall` returns the analysis of an audio clip's passage; `song` has
    the clips in which a song is played again, `parent` what edited notes keep of their parent. Raises RequestError with
    a sentence if it cannot be done.
    """
    started = time.perf_counter()
    made = [
        (one, _compose(stored.mirror, message, request_id, players, recall)) for one, message in _each(request, asked)
    ]
    if song:
        made = [(one, _in_its_clips(composition, stored.mirror, song)) for one, composition in made]
    edits = [edit for _, composition in made for edit in composition.messages[1:]]
    performed = perform(stored.mirror, edits, stored.next_id, refuse_audio)
    milliseconds = 1000.0 * (time.perf_counter() - started)
    takes: list[Take] = []
    names: list[str] = []
    results = iter(performed.results)
    for one, composition in made:
        clips = _clips_made(composition.messages[1:], results)
        made_takes = _takes(
            performed, composition, clips, one, request_id, session, players.engines, milliseconds, len(takes) + 1
        )
        takes += (as_edited(take, one, parent) for take in made_takes) if isinstance(one, Edit) else made_takes
        names.append(composition.name or _name(performed, clips))
    notices = tuple(dict.fromkeys(sentence for _, composition in made for sentence in composition.notices))
    return Written(performed, join_names(names), notices, tuple(takes), milliseconds)


def _each(request: AnyRequest, message: Request) -> Iterable[tuple[AnyRequest, Request]]:
    """Return the requests that are composed one by one, with their messages: several for a change of several clips."""
    if isinstance(request, RefineSeveral) and isinstance(message, ChangeSeveral):
        return zip(request.clips, message.changes, strict=True)
    return ((request, message),)


def _compose(
    mirror: SetMirror,
    message: Request,
    request_id: str,
    players: Players,
    recall: Callable[[Passage], Analysis | None],
) -> Composition:
    press = Compose(
        key=(1, 1), link=0, request_id=request_id, request=message, sample_rate=SAMPLE_RATE, seconds_left=0.0
    )
    return prepare_composition(mirror, press, players, deadline=0.0, recall=recall)()


def _in_its_clips(made: Composition, mirror: SetMirror, clips: Mapping[str, int]) -> Composition:
    """Return a song that is written into the clips that it has in the set, by their names, as far as they are there.

    Raises RequestError where the song has other sections than they.
    """
    played = {edit.name: edit for edit in made.messages if isinstance(edit, CreateClip | CreateArrangementClip)}
    edits: list[Message] = []
    for name, id in clips.items():
        state, edit = mirror.clips.get(id), played.get(name)
        if state is None:
            continue
        if edit is None or abs(edit.length - state.length) > SAME_LENGTH:
            sentence = (
                f"With these values, at the set's tempo, the song has no “{name}” of {state.length:g} beats: "
                "write another song. Nothing was written."
            )
            raise RequestError(Refusal.BAD_PARAMETER, sentence)
        edits.append(ReplaceNotes(id, edit.notes))
    if not edits:
        raise RequestError(Refusal.GONE, "The song's clips are not in the set any more: nothing was written.")
    return replace(made, messages=(made.messages[0], *edits))


def refuse_audio(path: str) -> AudioFacts:
    """Raise RequestError: requests that are composed at once write no audio."""
    raise RequestError(Refusal.UNSUPPORTED, f"{path} cannot be written at once: ask for it as a job.")


def hash_context(recipe: Recipe) -> str:
    """Return the hash of the musical context that a recipe names: 32 hexadecimal digits."""
    return hashlib.blake2b(msgspec.msgpack.encode(recipe.context), digest_size=16).hexdigest()


def _clips_made(edits: Sequence[Message], results: Iterator[tuple[int, int]]) -> list[int]:
    """Return the ids of the MIDI clips that edits made or changed, from their results, which come next."""
    made = [(edit, next(results)[0]) for edit in edits]
    return [id for edit, id in made if isinstance(edit, CreateClip | CreateArrangementClip | ReplaceNotes)]


def _name(performed: Performed, clips: Sequence[int]) -> str:
    return performed.mirror.clips[clips[-1]].name if clips else ""


def _takes(
    performed: Performed,
    made: Composition,
    clips: Sequence[int],
    request: AnyRequest,
    request_id: str,
    session: str,
    engines: Sequence[EngineRecord],
    milliseconds: float,
    first: int,
) -> tuple[Take, ...]:
    """Return the clips that a request made as takes, numbered from `first`."""
    if made.recipe is None or not clips:
        return ()
    context_hash, mirror, recipe = hash_context(made.recipe), performed.mirror, made.recipe
    song, params, now = mirror.song, msgspec.to_builtins(request), time.time()
    players = {engine.title: engine for engine in engines}
    by_part = {engine.part: engine.name for engine in engines}
    takes = []
    for number, id in enumerate(clips, first):
        clip = mirror.clips[id]
        track = mirror.tracks[clip.track]
        player = players.get(track.name)
        part: Role = player.part if player else made.parts[0].role if made.parts else "unknown"
        bpm = song.tempo if song else 120.0
        key = key_of_set(song) if song else None
        known = recipe.context.key.value if recipe.context else recipe.key or (key.value if key else None)
        takes.append(
            Take(
                id=f"{request_id}.{number}",
                session=session,
                request=request_id,
                number=number,
                engine=player.name if player else by_part.get(part, ""),
                part=part,
                name=clip.name,
                style=recipe.style,
                bpm=bpm,
                key=str(known) if known else "",
                time_signature=f"{clip.numerator}/{clip.denominator}",
                length_beats=clip.length,
                seed=recipe.seed,
                engine_version=__version__,
                context_hash=context_hash,
                milliseconds=round(milliseconds, 3),
                made=now,
                clip=id,
                track=track.index + 1,
                scene=mirror.scenes[clip.scene].index + 1 if clip.scene else 0,
                params=params,
                notes=note_rows(mirror.notes[id]),
            )
        )
    return tuple(takes)
