"""The store's records: one row of a table each. Ids come from `new_id`, times are Unix seconds."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SessionKind = Literal["own", "live"]
Role = Literal["owner", "editor", "listener"]
JobStateName = Literal["waiting", "running", "done", "failed", "cancelled"]


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may use the server. `password_hash`: argon2's text, None for who has tokens alone."""

    id: str
    name: str
    email: str | None = None
    password_hash: str | None = None
    made: float


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What admits a program. The store has its SHA-256 (`tokens.digest_token`) alone. `used`: when last, roughly."""

    id: str
    user: str
    name: str
    sha256: str
    scopes: tuple[str, ...]
    made: float
    expires: float | None = None
    used: float | None = None
    revoked: float | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session, without its document. `version`: its last step; `takes`: how many were ever made in it.

    `live_set`: the name of the set of Live, "" for a session with a set of its own. `checkpoint`: the version of the
    document.
    """

    id: str
    owner: str
    name: str
    kind: SessionKind
    live_set: str = ""
    version: int = 0
    takes: int = 0
    made: float
    changed: float
    closed: float | None = None
    checkpoint: int = 0


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A session's set at version `checkpoint`, None before the first. Later steps are to be replayed on it.

    `memory`: what RooAroo remembers of it.
    """

    version: int
    checkpoint: int
    document: bytes | None
    memory: bytes | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user's role in a session; the owner is a member, too."""

    session: str
    user: str
    role: Role


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """A take with all that reproduces it. `number`: its place in the session from 1, which the store gives.

    `step`: the version of the set that it was written with; `request_id`: the request that made it. `part`: its role.
    `notes`: msgpack. `milliseconds`: how long it took to make. `place`: where it stands in the set.
    """

    id: str
    session: str
    number: int = 0
    step: int | None = None
    request_id: str = ""
    parent: str | None = None
    user: str | None
    made: float
    engine: str
    part: str = ""
    engine_version: str
    style: str
    params: dict[str, Any]
    seed: int
    context_hash: str
    notes_hash: str
    bpm: float
    key: str
    time_signature: str = "4/4"
    length_beats: float
    name: str
    milliseconds: float
    place: dict[str, Any] | None = None
    notes: bytes


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a session's set, which brought it to `version`. `forward` and `backward` redo and undo it.

    `request`: the kind of the request, `request_id` its id. `undone`: the version of the step that took it back.
    """

    session: str
    version: int
    user: str | None
    request: str
    request_id: str = ""
    label: str
    made: float
    undone: int | None = None
    forward: bytes
    backward: bytes


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """A user's judgement of a take: 1 liked, -1 disliked."""

    take: str
    user: str
    value: Literal[-1, 1]
    made: float


class Preference(msgspec.Struct, frozen=True, kw_only=True):
    """A user's setting, any plain data but None."""

    user: str
    key: str
    value: Any
    changed: float


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as its user sees it. `fraction`: 0..1; `result` once it is done, `fault` once it failed.

    `server`: the process that performs it.
    """

    id: str
    session: str | None = None
    user: str
    kind: str
    state: JobStateName = "waiting"
    phase: str = ""
    fraction: float = 0.0
    text: str = ""
    request: dict[str, Any]
    result: dict[str, Any] | None = None
    fault: dict[str, Any] | None = None
    made: float
    began: float | None = None
    ended: float | None = None
    server: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a request with an idempotency key. No `status` while the first such request is under way.

    `digest`: of the request, so that a key used for another one is noticed. `server`: the process that performs it.
    `done`: what it has done, each by its kind and id, with commas between: `step SESSION VERSION,job ID`.
    """

    user: str
    key: str
    digest: str
    request_id: str
    server: str
    done: str | None = None
    status: int | None = None
    body: bytes | None = None
    made: float


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file on the disk, uploaded or rendered. `bytes`: its size."""

    id: str
    session: str | None = None
    user: str
    kind: str
    name: str
    path: str
    bytes: int
    sha256: str
    made: float
