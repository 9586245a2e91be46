"""What the server answers: takes, views of a set, outcomes, jobs, problems.

Times are Unix seconds; positions and lengths of music are beats (quarter notes).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Encoding = Literal["json", "msgpack"]
"""How an answer is encoded."""

NoteRow = tuple[
    Annotated[float, Meta(description="start in beats")],
    Annotated[int, Meta(ge=0, le=127, description="pitch")],
    Annotated[float, Meta(description="duration in beats")],
    Annotated[int, Meta(ge=1, le=127, description="velocity")],
]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the server answers. Clients ignore fields that they do not know; fields are only added."""


class Take(Answer, frozen=True, kw_only=True):
    """A clip that MuseAroo made, with all that reproduces it.

    `params` is the request as it was made, and with `seed`, `engine_version` and the context of `context_hash` gives
    the same notes; `lean` among them names the engines that played simpler, as Live's computer was busy. `number`
    counts the takes of one request from 1. `clip` is its id in the set, `track` and `scene` are where it was written,
    counted from 1.
    """

    id: str
    session: str
    request: str
    number: int
    engine: str
    part: str
    name: str
    style: str
    bpm: float
    key: str
    time_signature: str
    length_beats: float
    seed: int
    engine_version: str
    context_hash: str
    milliseconds: float
    made: float
    clip: int
    track: int
    scene: int
    params: dict[str, Any]
    notes: tuple[NoteRow, ...] = ()
    parent: str | None = None
    liked: int = 0
    """1 liked, -1 disliked, 0 not judged, by the user who asks."""


class TrackView(Answer, frozen=True, kw_only=True):
    """A track; `number` counts from 1."""

    id: int
    number: int
    kind: Literal["midi", "audio", "group", "return", "master"]
    name: str
    color: str
    muted: bool
    soloed: bool
    armed: bool
    volume_db: float | None = None
    panning: float = 0.0
    instrument: str = ""


class SceneView(Answer, frozen=True, kw_only=True):
    """A scene; `number` counts from 1."""

    id: int
    number: int
    name: str


class ClipView(Answer, frozen=True, kw_only=True):
    """A clip. `scene` is 0 in the Arrangement, where it begins at `start`; `track` and `scene` are ids."""

    id: int
    track: int
    scene: int
    start: float
    kind: Literal["midi", "audio"]
    name: str
    color: str
    length: float
    looping: bool
    muted: bool
    is_playing: bool
    notes: int = 0
    file: str = ""


class SongView(Answer, frozen=True, kw_only=True):
    """The set itself. `key` is empty while its scale is off."""

    name: str
    bpm: float
    time_signature: str
    key: str
    is_playing: bool


class SetChanges(Answer, frozen=True, kw_only=True):
    """What changed in a set: objects as they are now, and the ids of those that have gone.

    `version` is the set's version with these changes. `whole`: this is all of the set, not only changes.
    """

    version: int
    whole: bool = False
    song: SongView | None = None
    tracks: tuple[TrackView, ...] = ()
    scenes: tuple[SceneView, ...] = ()
    clips: tuple[ClipView, ...] = ()
    gone: tuple[int, ...] = ()


class Outcome(Answer, frozen=True, kw_only=True):
    """What a request has led to. `sentence` is what a status line shows; `notices` come before it.

    `asks`: RooAroo asks back, and the next `say` may answer. `version` is the set's version after it; None where
    nothing was written.
    """

    request: str
    do: str
    sentence: str
    milliseconds: float
    version: int | None = None
    notices: tuple[str, ...] = ()
    takes: tuple[Take, ...] = ()
    asks: bool = False
    analysis: dict[str, Any] | None = None
    job: JobState | None = None
    """What goes on after the answer, such as the deep pass of an analysis."""
    upload: str | None = None
    """The id of the file that came with the request."""
    transcript: str | None = None
    confidence: float | None = None
    """What was heard in a recorded sentence, and how surely, 0 to 1."""


class Problem(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request failed, as problem+json (RFC 9457); `detail` is the sentence that the device shows, too.

    `code` is the name of a refusal, such as `bad_parameter`; `field` names the value that was wrong.
    """

    title: str
    status: int
    detail: str
    code: str
    type: str = "about:blank"
    instance: str = ""
    field: str = ""
    retry_after: float | None = None


JobStateName = Literal["waiting", "running", "done", "failed", "cancelled"]
JobPhase = Literal["waiting", "loading", "fetching", "working", "writing", ""]


class JobState(Answer, frozen=True, kw_only=True):
    """A job. `phase` is what it does now, `text` its step in words, `fraction` 0 to 1.

    `place`: how many jobs come before it, while it waits. `eta`: the seconds that it should still take, as far as that
    can be told from what it took so far. `result` once it is done, `fault` once it failed.
    """

    id: str
    kind: str
    state: JobStateName
    session: str | None = None
    phase: JobPhase = ""
    fraction: float = 0.0
    text: str = ""
    place: int | None = None
    eta: float | None = None
    made: float
    began: float | None = None
    ended: float | None = None
    request: dict[str, Any] = msgspec.field(default_factory=dict)
    result: dict[str, Any] | None = None
    fault: Problem | None = None
