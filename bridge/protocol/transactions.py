"""The daemon's transactions and questions to Live, and the answers: performed, refused or undone, and notes read."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import CODE, FLAG, ID, REQUEST, SENTENCE
from musearoo.bridge.protocol.types import (
    INT32_MAX,
    Message,
    Route,
    double,
    message,
    notes,
    text,
    whole,
)


@message("/roo/do", Route.DAEMON_TO_SCRIPT)
class Transaction(Message):
    """Begins an OSC bundle of edits that are performed in order, in one undo step, or not at all."""

    request: Annotated[str, REQUEST]
    deadline: Annotated[float, double(0.0, 1e12, "Unix time after which the script must refuse it; 0 for none")]


@message("/roo/result", Route.SCRIPT_TO_DAEMON)
class Result(Message):
    """A transaction was performed. The states of the new objects were sent before this."""

    request: Annotated[str, REQUEST]
    repeated: Annotated[int, whole(0, 1, "1 when the request was known and nothing was done again")]
    ids: tuple[
        Annotated[int, whole(0, INT32_MAX, "per edit: id of what it made or changed, then notes read back")],
        ...,
    ]


@message("/roo/error", Route.SCRIPT_TO_DAEMON)
class Error(Message):
    """A transaction or a question was refused; nothing was changed in the set."""

    request: Annotated[str, REQUEST]
    code: Annotated[int, CODE]
    edit: Annotated[int, whole(0, 1000, "which edit, counted from 1; 0 when the request itself")]
    sentence: Annotated[str, SENTENCE]


@message("/roo/take_back", Route.DAEMON_TO_SCRIPT)
class TakeBack(Message):
    """Undoes one transaction, if it is the last step of Live's history; answered by /roo/result without ids.

    If the undone step turns out to be the user's, it is redone at once, and the request refused; or, where it insists,
    the clips and tracks that the transaction made are deleted, in a step of their own. A clip that it launched is
    silenced first, and what played before goes on.
    """

    request: Annotated[str, REQUEST]
    transaction: Annotated[str, text(80, "request id of what is to be undone, empty for the last transaction")]
    insists: Annotated[int, FLAG] = 0


@message("/roo/read/notes", Route.DAEMON_TO_SCRIPT)
class ReadNotes(Message):
    """Asks for a clip's notes as Live has them now."""

    request: Annotated[str, REQUEST]
    clip: Annotated[int, ID]


@message("/roo/notes", Route.SCRIPT_TO_DAEMON)
class NotesRead(Message):
    """Answers /roo/read/notes."""

    request: Annotated[str, REQUEST]
    clip: Annotated[int, ID]
    notes: Annotated[bytes, notes("the clip's notes, by pitch, then start")]
