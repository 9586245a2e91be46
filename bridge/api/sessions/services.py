"""What the server's routes and connections share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from musearoo.bridge.api.access.admission import Admission
from musearoo.bridge.api.access.lan import LanDoor
from musearoo.bridge.api.access.links import Links
from musearoo.bridge.api.access.quotas import Quotas
from musearoo.bridge.api.access.rates import Rates
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.jobs.board import JobBoard
from musearoo.bridge.api.jobs.on_sets import Reopen, work_in_live, work_on_set
from musearoo.bridge.api.jobs.runner import TaskRunner
from musearoo.bridge.api.jobs.uploads import Uploads
from musearoo.bridge.api.problems.errors import RefusedError, TakesLongerError
from musearoo.bridge.api.sessions.hub import Hub
from musearoo.bridge.api.sessions.own import OwnSession
from musearoo.bridge.api.types.answers import JobState, Outcome
from musearoo.bridge.api.types.requests import Imagine, Split
from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.metrics.server import ServerMetrics
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.store.database import Database


@dataclass(slots=True)
class ApiServices:
    """The server's parts. `home` is MuseAroo's folder; `pool` composes, `workshop` does what takes longer."""

    home: Path
    database: Database
    pool: ComposerPool
    workshop: ComposerPool
    hub: Hub
    admission: Admission
    rates: Rates
    metrics: ServerMetrics
    jobs: JobBoard
    uploads: Uploads
    ears: TaskRunner
    """The process that recognises speech; it is kept for a while after a sentence."""
    lan: LanDoor
    quotas: Quotas = field(default_factory=Quotas)
    links: Links = field(default_factory=Links)

    async def open_own(self, session: str, who: Who) -> OwnSession:
        """Return a session with a set of its own that the user may change. Raises ApiError."""
        opened = await self.hub.open(session, who, "editor")
        if not isinstance(opened, OwnSession):
            sentence = "That needs a session with a set of its own: in Live, do it with what is in Live's set."
            raise RefusedError(Refusal.UNSUPPORTED, sentence)
        return opened

    def reopen(self, session: str, who: Who) -> Reopen:
        """Return a function that opens a session again, while the user may still change it."""
        return lambda: self.open_own(session, who)

    async def begin_job(self, session: str, request: Split | Imagine, who: Who) -> JobState:
        """Begin the job that a request to a session is. Raises ApiError."""
        opened = await self.hub.open(session, who, "editor")
        if isinstance(opened, OwnSession):
            await opened.require_version(request.version)
            return await self.jobs.begin(work_on_set(session, request, self.reopen(session, who)), who)
        return await self.jobs.begin(work_in_live(session, request, opened), who)

    async def answer_later(self, longer: TakesLongerError, session: str, request_id: str, who: Who) -> Outcome:
        """Begin the job for a request that cannot be answered at once, and return the Outcome that names it."""
        job = await self.begin_job(session, longer.request, who)
        sentence = longer.said or f"{job.kind.capitalize()} takes a while: its job says how far it is."
        return Outcome(request=request_id, do=job.kind, sentence=sentence, milliseconds=0.0, job=job)

    async def remove_session(self, session: str, who: Who) -> None:
        """Delete a session of the user's with all that is in it, its files, too. Raises ApiError."""
        paths = await self.hub.remove(session, who)
        await self.jobs.drop_session(session)
        await asyncio.to_thread(remove_files, paths)
