"""The harmony watch: read key and chords of the selected scene again after the set has changed."""

import asyncio
import time
from collections.abc import Mapping
from typing import NamedTuple

from musearoo.bridge.core.events.incoming import HarmonyFound
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import SongState
from musearoo.bridge.requests.generate import find_scene, read_neighbours, read_scene
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.analysis.scene.merging import ScenePart
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.spelling import spell_chords
from musearoo.engines.styles.schema import Style

QUIET_FOR = 0.4
"""Seconds without a change before a set's chords are read: nobody reads the display while drawing notes."""

MOST_CHORDS = 8
"""Chords that are reported: a device has room for no more."""


class Harmony(NamedTuple):
    """Key, chords and style as a device shows them, with confidences (0..1); each empty if unknown."""

    key: str = ""
    chords: str = ""
    key_confidence: float = 0.0
    style: str = ""
    style_confidence: float = 0.0


class HarmonyWatch:
    """Read the harmony of sets in another thread and report it as events. For the event loop's thread only."""

    def __init__(self, services: DaemonServices) -> None:
        self._services = services
        self._changed: dict[int, float] = {}
        self._reading: set[int] = set()

    def note_change(self, link: int, now: float) -> None:
        """Note that the set on connection `link` has changed."""
        self._changed[link] = now

    def forget(self, link: int) -> None:
        """Forget a closed connection."""
        self._changed.pop(link, None)

    def poll(self, now: float) -> None:
        """Read the harmony of every set that has changed and settled."""
        due = [link for link, since in self._changed.items() if now - since >= QUIET_FOR and link not in self._reading]
        for link in due:
            mirror = self._services.mirrors.get(link)
            if mirror is None or not mirror.complete or mirror.song is None:
                continue
            del self._changed[link]
            self._read(link, mirror, mirror.song)

    def _read(self, link: int, mirror: SetMirror, song: SongState) -> None:
        try:
            parts = read_neighbours(mirror, find_scene(mirror, -1).id, self._services.recall)
        except Exception:
            LOG.exception("The harmony of a set could not be read")
            return
        loop, styles = asyncio.get_running_loop(), self._services.styles

        def read() -> None:
            try:
                harmony = describe_harmony(song, parts, styles)
            except Exception:
                # Not requested by the user: the display stays empty, and the log has the reason.
                LOG.exception("The harmony of a set could not be read")
                harmony = Harmony()
            loop.call_soon_threadsafe(self._found, link, harmony)

        self._services.threads.submit(read)
        self._reading.add(link)

    def _found(self, link: int, harmony: Harmony) -> None:
        self._reading.discard(link)
        self._services.handle(HarmonyFound(time.monotonic(), link, *harmony))


def describe_harmony(song: SongState, parts: tuple[ScenePart, ...], styles: Mapping[str, Style]) -> Harmony:
    """Return the key and style of a scene's parts, and their chords in order, such as `Am F C G`."""
    if not parts:
        return Harmony()
    context = read_scene(song, parts, styles)
    key, style = context.key, context.style
    return Harmony(
        key=str(key.value or ""),
        chords=chord_line(context),
        key_confidence=key.confidence if key.value else 0.0,
        style=style.value or "",
        style_confidence=style.confidence if style.value else 0.0,
    )


def chord_line(context: MusicalContext) -> str:
    """Return the chords of a context as one line, spelt in its key, repeated chords once.

    >>> chord_line(MusicalContext.plain(bpm=96, key="Am", chords="Am Am F C | G"))
    'Am F C G'
    """
    symbols = spell_chords([span.chord for span in context.chords], context.key.value)
    shown = [symbol for index, symbol in enumerate(symbols) if index == 0 or symbol != symbols[index - 1]]
    # A repeated progression is shown once.
    for length in range(1, len(shown) // 2 + 1):
        if len(shown) % length == 0 and shown == shown[:length] * (len(shown) // length):
            shown = shown[:length]
            break
    more = " …" if len(shown) > MOST_CHORDS else ""
    return " ".join(shown[:MOST_CHORDS]) + more
