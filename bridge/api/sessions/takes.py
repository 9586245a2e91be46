"""Takes as users may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.problems.errors import ApiError, NotFoundError
from musearoo.bridge.api.types.answers import NoteRow
from musearoo.bridge.store import records
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError
from musearoo.bridge.store.feedback import find_feedback
from musearoo.bridge.store.rows import find_all, pick
from musearoo.bridge.store.sessions import find_role
from musearoo.bridge.store.tables import takes
from musearoo.bridge.store.takes import read_take

SOUNDS: Final = ("split", "imagine")
"""Kinds of requests whose takes are sounds."""
MOST_ALIKE: Final = 200
"""Takes with the same notes that are looked at: all sounds of a session have none."""
SAME_LENGTH: Final = 1e-3
"""Beats: the length of a sound's clip that is still the take's."""


async def find_visible_take(database: Database, take: str, who: Who) -> tuple[records.Take, int]:
    """Return a take that the user may see, and the user's judgement of it."""
    who.require("read")

    def work(connection: Connection) -> tuple[records.Take, int] | None:
        try:
            record = read_take(connection, take)
        except MissingError:
            return None
        if find_role(connection, record.session, who.user) is None:
            return None
        return record, find_feedback(connection, take, who.user)

    found = await database.read(work)
    if found is None:
        raise NotFoundError("There is no such take, or its session is not shared with you.")
    return found


def list_clips(connection: Connection, session: str, request_id: str) -> dict[str, int]:
    """Return the clips of the takes of one request: their ids, by the takes' names."""
    wanted = select(takes.c.name, takes.c.place).where(takes.c.session == session, takes.c.request_id == request_id)
    return {name: place["clip"] for name, place in connection.execute(wanted.order_by(takes.c.number))}


def find_take_of_clip(
    connection: Connection, session: str, clip: int, notes: Sequence[NoteRow] | None, length: float
) -> records.Take | None:
    """Return the newest take of a session that a clip still is, None without one. `notes` is None for a sound.

    Notes are compared, not ids: Live gives a clip another id when its set is opened again. Of several takes with these
    notes it is the one that was written into this clip.
    """
    if notes is not None and not notes:
        return None
    wanted = pick(takes, records.Take).where(takes.c.session == session, takes.c.notes_hash == hash_notes(notes or ()))
    found = find_all(connection, records.Take, wanted.order_by(takes.c.number.desc()).limit(MOST_ALIKE))
    here = (take for take in found if take.place is not None and take.place["clip"] == clip)
    if notes is None:
        return next((take for take in here if abs(take.length_beats - length) < SAME_LENGTH), None)
    return next(here, found[0] if found else None)


def hash_notes(notes: Sequence[NoteRow]) -> str:
    """Return the hash by which the store knows the notes of a take."""
    return hashlib.blake2b(msgspec.msgpack.encode(notes), digest_size=16).hexdigest()


def as_data(take: records.Take) -> dict[str, Any]:
    """Return what composers need of a take to write, draw or play it. Raises ApiError for a sound."""
    if take.params.get("do") in SOUNDS:
        sentence = f"That take is a sound and has no notes: its file is in the result of the job {take.request_id}."
        raise ApiError(422, "no_notes", sentence, "take")
    names = ("name", "part", "style", "bpm", "key", "time_signature", "length_beats", "notes")
    return {name: getattr(take, name) for name in names}
