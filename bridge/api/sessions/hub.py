"""The hub: which sessions are open, who may do what in them, and how they are made, resumed, shared and closed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Final, Literal

from sqlalchemy import Connection

from musearoo.bridge.api.access.admission import LOCAL_USER
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.problems.errors import ApiError, ClosedError, NotFoundError
from musearoo.bridge.api.sessions.audience import Encoded
from musearoo.bridge.api.sessions.live import LiveSession
from musearoo.bridge.api.sessions.own import OwnSession
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.api.sessions.versioned_set import CountTake
from musearoo.bridge.api.types.answers import JobState
from musearoo.bridge.api.types.events import JobChanged, Judged, SessionClosed
from musearoo.bridge.api.types.sessions import NewSession, SessionState
from musearoo.bridge.links.api_client import DaemonClient
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.errors import MissingError, StoreError
from musearoo.bridge.store.feedback import give_feedback, withdraw_feedback
from musearoo.bridge.store.files import remove_files_of
from musearoo.bridge.store.ids import RANDOM_BYTES, new_id
from musearoo.bridge.store.records import Feedback, Role, Session, Take
from musearoo.bridge.store.sessions import (
    add_session,
    close_session,
    find_role,
    list_sessions,
    read_session,
    remove_session,
    rename_session,
    resume_session,
)

OpenSession = OwnSession | LiveSession

Requirement = Callable[[Connection], None]
"""Raises ApiError where something may not be written, in the transaction that writes it."""

IDLE_AFTER: Final = 600.0
"""Seconds after which a session that nobody listens to leaves the memory; the store has all of it."""
_RANKS: Final[dict[Role, int]] = {"listener": 0, "editor": 1, "owner": 2}


def require_nothing(_: Connection) -> None:
    """Allow everything."""


def make_id(clock: Callable[[], float] = time.time) -> str:
    """Return a new id."""
    return new_id(clock(), secrets.token_bytes(RANDOM_BYTES))


class Hub:
    """The open sessions. For the event loop's thread only."""

    def __init__(self, database: Database, pool: ComposerPool, tastes: Tastes, count_take: CountTake) -> None:
        self.database = database
        self.pool = pool
        self._tastes = tastes
        self._count_take = count_take
        self._open: dict[str, OpenSession] = {}
        self.daemon: DaemonClient | None = None
        """The connection to the daemon; None where none is watched."""

    def __len__(self) -> int:
        return len(self._open)

    async def create(self, new: NewSession, who: Who, require: Requirement = require_nothing) -> SessionState:
        """Make a session, and return its state. Raises ApiError for an invalid value, and what `require` raises."""
        who.require("make")
        if new.set == "live":
            return await self._create_live(new, who, require)
        name = new.name or "Untitled"
        arguments = {"name": name, "bpm": new.bpm, "time_signature": new.time_signature, "key": new.key}
        document = await self.pool.call("new_set", arguments)
        now = time.time()
        session = Session(id=make_id(), owner=who.user, name=name, kind="own", made=now, changed=now)
        await self._add(session, require, document)
        return _state_of(session, "owner")

    async def _add(self, session: Session, require: Requirement, document: bytes | None = None) -> None:
        def work(connection: Connection) -> None:
            require(connection)
            add_session(connection, session, document)

        await self.database.run(work)

    async def _create_live(self, new: NewSession, who: Who, require: Requirement) -> SessionState:
        """Make a session on a set that is open in Live. Raises ApiError where there is none."""
        lives = list(self.daemon.lives.values()) if self.daemon is not None else []
        named = [live for live in lives if new.live_set in ("", live.set_name)]
        if not who.is_local and who.user != LOCAL_USER:
            # Live is on this machine: its own user's page and phone may, others only as admins.
            who.require("admin")
        if not named:
            why = self.daemon.problem if self.daemon is not None else ""
            raise ApiError(503, "no_live", why or "Live is not there: start it with MuseAroo as a control surface.")
        if len(named) > 1:
            names = ", ".join(live.set_name or "an unsaved set" for live in named)
            raise ApiError(409, "several_lives", f"Several sets are open ({names}): say which by live_set.", "live_set")
        now, live_set = time.time(), named[0].set_name
        name = new.name or live_set or "Live"
        session = Session(
            id=make_id(), owner=who.user, name=name, kind="live", live_set=live_set, made=now, changed=now
        )
        await self._add(session, require)
        return _state_of(session, "owner")

    async def open(self, session: str, who: Who, role: Role = "listener") -> OpenSession:
        """Return an open session in which the user has at least that role.

        Raises NotFoundError for one that the user may not even see, ApiError for too small a role or a closed session.
        """
        who.require("read" if role == "listener" else "make")
        found = self._open.get(session)
        if found is None or found.record.owner != who.user:
            record, mine = await self.database.read(partial(_read, session=session, user=who.user))
            if record is None or mine is None:
                raise NotFoundError("There is no such session, or it is not shared with you.")
            if _RANKS[mine] < _RANKS[role]:
                raise ApiError(403, "missing_role", f"That needs the role of {role} in this session; you are {mine}.")
            if record.closed is not None:
                raise ClosedError
            found = self._open.get(session)
            if found is None:
                found = self.open_live(record) if record.kind == "live" else self._open_own(record)
        found.used_at = time.monotonic()
        return found

    def live_sessions(self) -> list[LiveSession]:
        """Return the open sessions on sets of Live."""
        return [session for session in self._open.values() if isinstance(session, LiveSession)]

    def open_live(self, record: Session) -> LiveSession:
        """Open a session on a set of Live. Raises ApiError where no daemon is watched."""
        if self.daemon is None:
            raise ApiError(503, "no_live", "This server watches no Live: start it where musearoo run is.")
        found = LiveSession(self.database, self.daemon, record)
        self._open[record.id] = found
        return found

    def _open_own(self, record: Session) -> OwnSession:
        found = OwnSession(self.database, self.pool, record, self._tastes, self._count_take)
        self._open[record.id] = found
        return found

    async def state(self, session: str, who: Who) -> SessionState:
        """Return the state of a session, open or closed."""
        who.require("read")
        record, role = await self.database.read(partial(_read, session=session, user=who.user))
        if record is None or role is None:
            raise NotFoundError("There is no such session, or it is not shared with you.")
        return _state_of(record, role, self._people(session))

    async def list(self, who: Who, limit: int, after: str | None) -> tuple[SessionState, ...]:
        """Return a user's sessions, newest first."""
        who.require("read")
        records = await self.database.read(partial(list_sessions, user=who.user, limit=limit, after=after))
        return tuple(_state_of(record, None, self._people(record.id)) for record in records)

    async def rename(self, session: str, name: str, who: Who) -> SessionState:
        """Rename a session."""
        await self._require_owner(session, who)
        await self.database.run(partial(rename_session, session=session, name=name, now=time.time()))
        return await self.state(session, who)

    async def close_session(self, session: str, who: Who) -> SessionState:
        """Close a session: its clients are let go, its set and takes stay."""
        await self._require_owner(session, who)
        await self.database.run(partial(close_session, session=session, now=time.time()))
        self._drop(session, "The session was closed by its owner.")
        return await self.state(session, who)

    async def resume(self, session: str, who: Who, require: Requirement = require_nothing) -> SessionState:
        """Open a closed session again. Raises ApiError, and what `require` raises."""
        await self._require_owner(session, who)

        def work(connection: Connection) -> None:
            require(connection)
            resume_session(connection, session, time.time())

        await self.database.run(work)
        return await self.state(session, who)

    async def remove(self, session: str, who: Who) -> tuple[str, ...]:
        """Delete a session, and return the paths of files that nothing else has."""
        await self._require_owner(session, who)

        def work(connection: Connection) -> tuple[str, ...]:
            paths = remove_files_of(connection, session)
            remove_session(connection, session)
            return paths

        paths = await self.database.run(work)
        self._drop(session, "The session was deleted by its owner.")
        return paths

    def tell_job(self, session: str, job: JobState) -> None:
        """Tell a session's clients how far a job is; of what waits for a client the newest counts."""
        if (opened := self._open.get(session)) is not None:
            opened.audience.tell(Encoded.of(JobChanged(job=job), about=f"job {job.id}"))

    async def judge(self, take: Take, value: Literal[-1, 0, 1], who: Who) -> None:
        """Store what a user thinks of a take, and tell the session."""
        if value == 0:
            await self.database.run(partial(withdraw_feedback, take=take.id, user=who.user))
        else:
            judgement = Feedback(take=take.id, user=who.user, value=value, made=time.time())
            await self.database.run(partial(give_feedback, judgement=judgement))
        if (opened := self._open.get(take.session)) is not None:
            opened.audience.tell(Encoded.of(Judged(take=take.id, value=value, by=who.name)))

    def dismiss(self, session: str, user: str) -> None:
        """Let go of the connections of a user who is no member any more."""
        if (opened := self._open.get(session)) is not None:
            opened.audience.dismiss(
                user, Encoded.of(SessionClosed(sentence="It is not shared with you any more."), is_last=True)
            )

    async def sweep(self) -> None:
        """Let go of sessions that nobody uses."""
        for id, session in list(self._open.items()):
            if not _is_idle(session):
                continue
            await _keep_memory(session)
            # Meanwhile somebody may have come, or it was closed.
            if _is_idle(session) and self._open.get(id) is session:
                del self._open[id]
                session.close()
                self.pool.forget(id)

    async def close(self) -> None:
        """Store what sessions have in memory alone, and let go of them."""
        for session in list(self._open.values()):
            await _keep_memory(session)
            session.close()

    def _drop(self, session: str, sentence: str) -> None:
        found = self._open.pop(session, None)
        if found is not None:
            found.audience.tell(Encoded.of(SessionClosed(sentence=sentence), is_last=True))
            found.close()
            self.pool.forget(session)

    def _people(self, session: str) -> tuple[str, ...]:
        found = self._open.get(session)
        return found.audience.names if found else ()

    async def _require_owner(self, session: str, who: Who) -> None:
        who.require("make")
        _, role = await self.database.read(partial(_read, session=session, user=who.user))
        if role is None:
            raise NotFoundError("There is no such session, or it is not shared with you.")
        if role != "owner":
            raise ApiError(403, "missing_role", f"That needs the role of owner in this session; you are {role}.")


def _is_idle(session: OpenSession) -> bool:
    return not len(session.audience) and not session.is_busy and time.monotonic() - session.used_at > IDLE_AFTER


async def _keep_memory(session: OpenSession) -> None:
    """Store what a session has in memory alone; where that cannot be, RooAroo forgets a little, no music."""
    try:
        await session.keep_memory()
    except (ApiError, StoreError) as error:
        LOG.warning("What RooAroo remembers of a session could not be stored: %s", error)


def _read(connection: Connection, session: str, user: str) -> tuple[Session | None, Role | None]:
    try:
        record = read_session(connection, session)
    except MissingError:
        return None, None
    return record, find_role(connection, session, user)


def _state_of(session: Session, role: Role | None, people: tuple[str, ...] = ()) -> SessionState:
    return SessionState(
        id=session.id,
        name=session.name,
        set=session.kind,
        version=session.version,
        takes=session.takes,
        made=session.made,
        changed=session.changed,
        closed=session.closed,
        role=role,
        people=people,
    )
