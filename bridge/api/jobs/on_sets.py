"""What jobs do with a set without Live: read it, let the task runner work, write what it has made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

import msgspec

from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.messages import MadeByJob, SetSource
from musearoo.bridge.api.jobs.work import Lane, NewJob, RunningJob
from musearoo.bridge.api.types.answers import Encoding, Outcome
from musearoo.bridge.api.types.jobs import Render
from musearoo.bridge.api.types.requests import Analyze, AnyRequest, Imagine, Split


class OwnSet(Protocol):
    """A session with a set of its own, as jobs need it."""

    async def require_version(self, version: int | None) -> None:
        """Raise ConflictError unless the set is at a version; None is any."""

    async def source(self) -> SetSource:
        """Return the set as it is stored."""

    async def write(self, made: MadeByJob, request: AnyRequest, request_id: str, who: Who) -> bytes:
        """Write what was made into the set, if it is at the request's version, and return the Outcome in msgpack."""


class LiveSet(Protocol):
    """A session on Live's set: the daemon performs its jobs."""

    async def perform(
        self,
        request: AnyRequest,
        request_id: str,
        who: Who,
        encoding: Encoding,
        said: str = "",
        report: Callable[[float, str], None] | None = None,
    ) -> bytes:
        """Perform a request, and return the Outcome in msgpack. `report` is told the fraction, and a sentence."""


Reopen = Callable[[], Awaitable[OwnSet]]
"""Return the session, while the user may still change it. It may have been closed, or let go, since the job began."""

HEAVY: Final = (Split, Imagine, Analyze)


def work_on_set(session: str, request: Split | Imagine | Analyze, reopen: Reopen) -> NewJob:
    """Return the job that a request to a set is. With a version it fails where the set is at another one."""

    async def work(job: RunningJob) -> dict[str, Any]:
        await (await reopen()).require_version(request.version)
        arguments = {"request": msgspec.msgpack.encode(request), "request_id": job.id}
        if not isinstance(request, Analyze):
            arguments["folder"] = str(job.folder)
        made = await job.perform(kind, arguments, _fetch(reopen))
        files = await job.keep_files(made.get("files", []))
        result: dict[str, Any] = {"facts": made.get("facts", {}), "files": files}
        if "analysis" in made:
            result["analysis"] = made["analysis"]
        if made["edits"]:
            opened = await reopen()
            await job.begin_writing()
            wanted = MadeByJob(
                edits=made["edits"],
                sentence=made["sentence"],
                notices=tuple(made["notices"]),
                takes=tuple(made.get("takes", ())),
            )
            body = await opened.write(wanted, request, job.id, job.who)
            result["outcome"] = msgspec.to_builtins(msgspec.msgpack.decode(body, type=Outcome))
        else:
            result["sentence"] = made["sentence"]
        return result

    kind = str(type(request).__struct_config__.tag)
    return NewJob(kind, "heavy", session, msgspec.to_builtins(request), work)


def work_in_live(session: str, request: AnyRequest, opened: LiveSet) -> NewJob:
    """Return the job that a request to Live's set is."""

    async def work(job: RunningJob) -> dict[str, Any]:
        def report(fraction: float, sentence: str) -> None:
            job.show("working", fraction, sentence)

        report(0.0, "")
        body = await opened.perform(request, job.id, job.who, "msgpack", report=report)
        return {"outcome": msgspec.to_builtins(msgspec.msgpack.decode(body, type=Outcome)), "files": []}

    lane: Lane = "live"
    return NewJob(str(type(request).__struct_config__.tag), lane, session, msgspec.to_builtins(request), work)


def analyze_upload(session: str, path: str, name: str) -> NewJob:
    """Return the job that analyses an uploaded file deeply."""

    async def work(job: RunningJob) -> dict[str, Any]:
        made = await job.perform("analyze", {"path": path, "name": name})
        return {"analysis": made["analysis"], "sentence": made["sentence"], "files": []}

    return NewJob("analyze", "heavy", session, {"do": "analyze", "deep": True, "name": name}, work)


def render_set(session: str, request: Render, style: str, reopen: Reopen, version: int | None = None) -> NewJob:
    """Return the job that renders a whole set. `style` chooses instruments and mix; `version` as in `work_on_set`."""

    async def work(job: RunningJob) -> dict[str, Any]:
        await (await reopen()).require_version(version)
        return await render(job, request, style, reopen, midi=False)

    return NewJob("render", "light", session, {"do": "render", **msgspec.to_builtins(request)}, work)


async def render(job: RunningJob, request: Render, style: str, reopen: Reopen, *, midi: bool) -> dict[str, Any]:
    """Return what a render comes to, as a job's result."""
    arguments = {
        "folder": str(job.folder),
        "style": style,
        "format": request.format,
        "ending": request.ending,
        "midi": midi,
    }
    made = await job.perform("render", arguments, _fetch(reopen))
    await job.begin_writing()
    return {"files": await job.keep_files(made["files"]), "facts": made["facts"], "notices": made["notices"]}


def _fetch(reopen: Reopen) -> Callable[[], Awaitable[SetSource]]:
    async def fetch() -> SetSource:
        return await (await reopen()).source()

    return fetch
