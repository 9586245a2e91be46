"""What the server and its composers send each other: plain data, pickled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

UPLOADS: Final = "uploads"
MADE: Final = "made"
"""Folders in MuseAroo's folder: what users uploaded, and what jobs have made. Sets play files from these alone."""


@dataclass(frozen=True, slots=True)
class SetSource:
    """The parts of a stored set: the document at a checkpoint, the steps after it up to `version`, RooAroo's memory."""

    document: bytes
    steps: tuple[bytes, ...]
    version: int
    memory: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSet:
    """Base of the commands on a set. `source` is None if the composer should have the set already.

    `basis` names the last change of the set: two attempts at the same version are different sets. `encoding` is that of
    the answer, "json" or "msgpack". `has_audience`: somebody listens to the session's events; `by` is who asks.
    """

    number: int
    session: str
    version: int
    basis: str
    source: SetSource | None
    encoding: str
    has_audience: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perform(OnSet):
    """Perform a request in a set. `request` is in msgpack; `said` is RooAroo's sentence, where it asked for it.

    `is_preview`: nothing is written. `clip` is the id of the clip in whose slot it is performed, wherever that is now;
    0 for where the request says. `song`: the clips in which a song is played again, by their names; none for a new one.
    `parent`: of edited notes, the fields of the take that was edited that its child keeps; none without one.
    """

    request: bytes
    request_id: str
    said: str = ""
    is_preview: bool = False
    clip: int = 0
    song: dict[str, int] = field(default_factory=dict)
    parent: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeByJob:
    """What a job has made for a set: the packed edits of a transaction, and sentences.

    `takes` has for each sound in their order the fields of its take that the job alone knows.
    """

    edits: bytes
    sentence: str
    notices: tuple[str, ...] = ()
    takes: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(OnSet):
    """Write into a set what a job has made. `request` is what was asked for, in msgpack."""

    made: MadeByJob
    request: bytes
    request_id: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(OnSet):
    """Add a file to a set as a clip on a new track, analysed. `scene` is an index, -1 for the selected one.

    `apply` names what of the analysis is written into the set.
    """

    path: str
    name: str
    scene: int
    apply: tuple[str, ...]
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay(OnSet):
    """Apply messages to a set: a step taken back, or done again. `sentence` says so to the user.

    `undone` is the id of the request that is taken back, "" for none; `tastes` are the user's, in msgpack.
    """

    messages: bytes
    request_id: str
    do: str
    sentence: str
    undone: str = ""
    tastes: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpret(OnSet):
    """Return what a sentence asks of a set. `tastes` are the user's, in msgpack."""

    text: str
    tastes: bytes
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class View(OnSet):
    """Return the whole view of a set; its messages ("packed"), RooAroo's memory ("memory"), or a MIDI file ("midi").

    `since`: return only what these steps have changed.
    """

    since: tuple[bytes, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail(OnSet):
    """Return what is in a clip, a ClipDetail in msgpack; with "path" as encoding, the path of an audio clip's file.

    `clip` is its id; 0 for the one in the `slot` of a track and a scene, counted from 1.
    """

    clip: int = 0
    slot: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function of `calls.CALLS` by name, with plain data."""

    number: int
    name: str
    arguments: dict[str, Any]


Command = Perform | Apply | Place | Replay | Interpret | View | Detail | Call


@dataclass(frozen=True, slots=True)
class Ready:
    """The composer has loaded engines and styles."""


@dataclass(frozen=True, slots=True)
class TakeRow:
    """A take as the store has it: its fields but the notes, and the notes in msgpack; and its measures."""

    fields: dict[str, Any]
    notes: bytes
    measures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Made:
    """A request was performed: `body` is the Outcome in the encoding that was asked for.

    `forward` and `backward` are packed messages, both empty if nothing was written; then the version stays. `event` is
    the event for the session's audience, in msgpack; `tastes` are the user's, if they have changed.
    """

    number: int
    body: bytes
    forward: bytes = b""
    backward: bytes = b""
    label: str = ""
    takes: tuple[TakeRow, ...] = ()
    event: bytes = b""
    tastes: bytes = b""


@dataclass(frozen=True, slots=True)
class Interpreted:
    """What a sentence comes to: a request in msgpack, or b"" and only an answer. See `sets.talking.Understood`."""

    number: int
    sentence: str
    request: bytes
    asks: bool
    is_lost: bool
    memory: bytes
    tastes: bytes


@dataclass(frozen=True, slots=True)
class Returned:
    """What a view or a call has led to."""

    number: int
    value: Any


@dataclass(frozen=True, slots=True)
class SetNeeded:
    """The composer does not have the set at that version: send it along."""

    number: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A request failed: the refusal's code, a sentence, and the value that was wrong, or ""."""

    number: int
    code: int
    sentence: str
    field: str = ""


Reply = Ready | Made | Interpreted | Returned | SetNeeded | Refused
