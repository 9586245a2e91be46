"""The sound process: renders the slices that players want, in the order in which they are needed."""

from __future__ import annotations

import gc
from collections import OrderedDict, deque
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.api.sound.messages import (
    SLICE,
    Broken,
    ClickSource,
    Drop,
    FileSource,
    NotesSource,
    Open,
    Opened,
    Piece,
    Ready,
    Slice,
    Source,
    ToProcess,
    Want,
)
from musearoo.bridge.process.child_process import plain_end, settle_in
from musearoo.bridge.settings.logs import print_fault
from musearoo.engines.errors import EngineError, UserFacingError

if TYPE_CHECKING:
    from musearoo.bridge.api.sound.parts import PartSound
    from musearoo.engines.styles.schema import Style

PARTS_KEPT: Final = 16
"""Parts whose last slices stay in memory, some 5 MB each, for the next one who plays them."""


@plain_end
def run_sound(connection: Connection[Any, Any], heartbeat: Any, home: Path) -> None:
    """Serve until the connection ends. `home` is MuseAroo's folder."""

    def beat() -> None:
        heartbeat.value += 1

    settle_in(home / "sound.log", beat)
    # Here: the server imports this module too, and must not import the engines.
    from musearoo.bridge.settings.presets_folder import read_styles

    desk = SoundDesk(read_styles(home / "styles"))
    desk.warm()
    gc.freeze()
    connection.send(Ready())
    try:
        while True:
            # All that came is read before the next slice is rendered: a new player must not wait for an old one.
            while connection.poll(None if desk.is_idle else 0):
                if (reply := desk.take(connection.recv())) is not None:
                    connection.send(reply)
            if (made := desk.render_next()) is not None:
                connection.send(made)
    except (EOFError, OSError):
        return


class SoundDesk:
    """What is played, and what of it is still to be rendered."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self._styles = styles
        self._players: dict[int, tuple[Piece, tuple[PartSound, ...]]] = {}
        self._parts: OrderedDict[str, PartSound] = OrderedDict()
        self._wanted: deque[Want] = deque()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be rendered."""
        return not self._wanted

    def warm(self) -> None:
        """Load what the first sound needs."""
        notes = ((0.0, 36, 1.0, 1),)
        source = NotesSource(name="", role="bass", style="", beats=4.0, time_signature="4/4", notes=notes)
        part = self._make(source, Piece(sources=(source,), bpm=120.0, beats=4.0))
        part.read(0, SLICE)

    def take(self, message: ToProcess) -> Opened | Broken | None:
        """Take a message, and return what is answered at once."""
        match message:
            case Open(player, piece):
                return self._open(player, piece)
            case Want():
                self._wanted.append(message)
            case Drop(player):
                self._players.pop(player, None)
                self._wanted = deque(each for each in self._wanted if each.player != player)
        return None

    def render_next(self) -> Slice | Broken | None:
        """Render what was wanted first; None where nothing is, or nobody listens any more."""
        from musearoo.bridge.api.sound.parts import encode_samples, read_lap

        wanted = self._wanted.popleft() if self._wanted else None
        if wanted is None or wanted.player not in self._players:
            return None
        piece, parts = self._players[wanted.player]
        try:
            first = wanted.slice * SLICE
            sound = read_lap(parts[wanted.part], first, SLICE, wanted.lap, piece.length)
            data = encode_samples(sound)
        except Exception as error:
            # The outermost handler of what a decoder or the synthesiser may raise: the others play on.
            print_fault(error)
            return Broken(wanted.player, "A part could not be rendered, by a fault of ours: sound.log says where.")
        return Slice(wanted.player, wanted.part, wanted.lap, wanted.slice, data)

    def _open(self, player: int, piece: Piece) -> Opened | Broken:
        from musearoo.bridge.audio.decoding import UndecodableError

        try:
            parts = tuple(self._part(source, piece) for source in piece.sources)
        except OSError:
            return Broken(player, "The file of a part cannot be read any more: make it, or upload it, again.")
        except UndecodableError:
            return Broken(player, "The file of a part is no audio that can be read.")
        except (UserFacingError, EngineError) as error:
            return Broken(player, f"{error}")
        self._players[player] = (piece, parts)
        return Opened(
            player,
            tuple(part.key for part in parts),
            tuple(part.gain for part in parts),
            tuple(part.end for part in parts),
        )

    def _part(self, source: Source, piece: Piece) -> PartSound:
        """Return a part, the one that was played before if it is the same."""
        made = self._make(source, piece)
        known = self._parts.get(made.key)
        if known is not None and known.gain == made.gain:
            made = known
        self._parts[made.key] = made
        self._parts.move_to_end(made.key)
        while len(self._parts) > PARTS_KEPT:
            self._parts.popitem(last=False)
        return made

    def _make(self, source: Source, piece: Piece) -> PartSound:
        from musearoo.bridge.api.sound.files import FileSound
        from musearoo.bridge.api.sound.parts import ClickSound, NotesSound

        match source:
            case NotesSource():
                alone = sum(isinstance(each, NotesSource | FileSource) for each in piece.sources) == 1
                return NotesSound(source, piece.bpm, piece.beats, self._styles, is_alone=alone)
            case FileSource():
                return FileSound(source, piece.length)
            case ClickSource():
                return ClickSound(source, piece.bpm, piece.beats)
