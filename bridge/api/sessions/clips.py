"""One clip of a session: what is in it, and the path of its sound."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial

import msgspec

from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import NotFoundError, RefusedError
from musearoo.bridge.api.sessions.hub import OpenSession
from musearoo.bridge.api.sessions.live import LiveSession
from musearoo.bridge.api.sessions.takes import find_take_of_clip
from musearoo.bridge.api.sets.details import find_clip_id, path_of_clip
from musearoo.bridge.api.sets.draft import messages_of
from musearoo.bridge.api.sets.packets import pack
from musearoo.bridge.api.types.clips import ClipDetail
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.store.database import Database

ANYWHERE = (0, 0)
"""The slot of a clip that is named by its id."""


async def read_clip(opened: OpenSession, clip: int, pool: ComposerPool, database: Database) -> ClipDetail:
    """Return what is in a clip of a session, with its take. Raises NotFoundError for one that is not in the set."""
    with _not_found():
        if isinstance(opened, LiveSession):
            packed = await pool.call("detail", {"messages": _pack(opened.require_live().mirror, clip), "clip": clip})
        else:
            packed = await opened.look_into(clip, "msgpack")
    detail = msgspec.msgpack.decode(packed, type=ClipDetail)
    notes = detail.notes if detail.kind == "midi" else None
    find = partial(find_take_of_clip, session=opened.id, clip=clip, notes=notes, length=detail.length)
    take = await database.read(find)
    return detail if take is None else msgspec.structs.replace(detail, take=take.id)


async def read_path(opened: OpenSession, clip: int) -> str:
    """Return the path of an audio clip's file. Raises NotFoundError, and RefusedError for a clip without one."""
    with _not_found():
        if isinstance(opened, LiveSession):
            mirror = opened.require_live().mirror
            return path_of_clip(mirror, find_clip_id(mirror, clip, ANYWHERE))
        path: str = await opened.look_into(clip, "path")
        return path


def _pack(mirror: SetMirror, clip: int) -> bytes:
    """Return what describes a clip of Live's set, with its track and its song."""
    track = mirror.clips[find_clip_id(mirror, clip, ANYWHERE)].track
    song = () if mirror.song is None else (mirror.song,)
    return pack((*song, *messages_of(mirror, track), *messages_of(mirror, clip)))


@contextlib.contextmanager
def _not_found() -> Iterator[None]:
    """Raise NotFoundError for a clip that is not in the set."""
    try:
        yield
    except (RequestError, RefusedError) as error:
        refused = RefusedError(error.code, error.sentence) if isinstance(error, RequestError) else error
        raise (NotFoundError(error.sentence) if refused.code == Refusal.GONE.name.lower() else refused) from error
