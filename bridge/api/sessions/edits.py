"""What an edit of notes is about: the clip, and the take that the edited notes have as their parent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from musearoo.bridge.api.problems.errors import ApiError, NotFoundError, RefusedError
from musearoo.bridge.api.sessions.takes import SOUNDS, find_take_of_clip, hash_notes
from musearoo.bridge.api.sets.details import find_clip_id
from musearoo.bridge.api.sets.editing import KEPT
from musearoo.bridge.api.sets.notes import note_rows
from musearoo.bridge.api.types.answers import NoteRow
from musearoo.bridge.api.types.requests import Edit
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.store import records
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.takes import read_take


class Target(NamedTuple):
    """A clip to edit, by its id, and what its notes keep of their parent; nothing of notes that no engine played."""

    clip: int
    parent: dict[str, Any]


class FoundClip(NamedTuple):
    """A clip of the set: its id, and the notes in it."""

    clip: int
    notes: Sequence[NoteRow]


async def find_target(
    request: Edit,
    session: str,
    database: Database,
    find_clip: Callable[[int, tuple[int, int]], Awaitable[FoundClip]],
    clip_of: Callable[[records.Take], int],
) -> Target:
    """Return what a request edits. `find_clip` finds a clip by its id or by its slot, `clip_of` that of a take.

    Raises ApiError where the request names none or several, NotFoundError for a take that is not of this session.
    """
    by_slot = request.track is not None and request.scene is not None
    named = (request.take is not None, request.clip is not None, by_slot)
    if sum(named) != 1 or (not by_slot and (request.track, request.scene) != (None, None)):
        sentence = "Say what is edited: by take, by clip, or by track and scene, and only one of these."
        raise ApiError(422, "bad_parameter", sentence, "take")
    if request.take is not None:
        take = await database.read(partial(_read_take, session=session, take=request.take))
        return Target(clip_of(take), parent_of(take))
    found = await find_clip(request.clip or 0, (request.track or 0, request.scene or 0))
    find = partial(find_take_of_clip, session=session, clip=found.clip, notes=found.notes, length=0.0)
    parent = await database.read(find)
    return Target(found.clip, {} if parent is None else parent_of(parent))


async def find_in_live(mirror: SetMirror, clip: int, slot: tuple[int, int]) -> FoundClip:
    """Return a clip of Live's set, by its id or by its slot. Raises RefusedError where there is none."""
    try:
        found = find_clip_id(mirror, clip, slot)
    except RequestError as error:
        raise RefusedError(error.code, error.sentence) from error
    return FoundClip(found, note_rows(mirror.notes.get(found, b"")))


def clip_of_take(mirror: SetMirror, take: records.Take) -> int:
    """Return the clip of Live's set that a take is in. Raises RefusedError where it is in none.

    Live numbers clips anew when a set is opened: a number alone may be another clip's.
    """
    numbered = mirror.clips.get(take.place["clip"]) if take.place is not None else None
    if numbered is not None and numbered.name == take.name:
        return numbered.id
    alike = (clip for clip, notes in mirror.notes.items() if notes and hash_notes(note_rows(notes)) == take.notes_hash)
    found = next(alike, None)
    if found is None:
        raise RefusedError(Refusal.GONE, "The take's clip is not in the set any more: nothing was written.")
    return found


def parent_of(take: records.Take) -> dict[str, Any]:
    """Return what edited notes keep of the take that was edited."""
    return {**{name: getattr(take, name) for name in KEPT}, "parent": take.id}


def _read_take(connection: Connection, session: str, take: str) -> records.Take:
    try:
        found = read_take(connection, take)
    except MissingError:
        found = None
    if found is None or found.session != session:
        raise NotFoundError("There is no such take in this session.")
    if found.params.get("do") in SOUNDS:
        raise ApiError(422, "no_notes", "That take is a sound and has no notes to edit.", "take")
    return found
