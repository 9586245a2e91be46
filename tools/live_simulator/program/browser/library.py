"""The User Library's folder in the browser: audio files, and presets of the user's own.

A preset of this simulator is a small JSON text under Live's name for it, such as `Presets/Instruments/Drum Rack/My
Kit.adg` with `{"device": "Drum Rack", "pads": [[61, "Snare", 0]]}`; any other text is a kit with a kick and a snare.
"""

from __future__ import annotations

import json
import os
from typing import Any

from musearoo.tools.live_simulator.core.clock import Clock
from musearoo.tools.live_simulator.program.browser.items import Load, Node

AUDIO_ENDINGS = (".wav", ".aif", ".aiff", ".flac")
PRESET_ENDINGS = (".adg", ".adv")
LISTING_SECONDS = 0.2
"""The delay until the browser lists a new file, counted from the first look at its folder."""


class UserLibrary:
    """The files in the library that the browser has found so far."""

    def __init__(self, root: str, clock: Clock) -> None:
        self.root = root
        self._clock = clock
        there = (os.path.join(folder, name) for folder, *names in os.walk(root) for name in (*names[0], *names[1]))
        self._listed_from = dict.fromkeys(there, 0.0)

    def node(self) -> Node:
        """Return the library's root."""
        return self._node(self.root)

    def _listed(self, folder: str) -> list[Node]:
        """Return the contents of a folder that are listed by now, by name."""
        due = self._clock.now() + LISTING_SECONDS
        paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if not name.startswith(".")]
        return [self._node(path) for path in paths if self._listed_from.setdefault(path, due) <= self._clock.now()]

    def _node(self, path: str) -> Node:
        is_folder = os.path.isdir(path)
        relative = os.path.relpath(path, self.root).replace(os.sep, "/")
        return Node(
            name="User Library" if path == self.root else os.path.basename(path),
            uri=f"query:UserLibrary#{relative}",
            source="User Library",
            children=(lambda: self._listed(path)) if is_folder else tuple,
            is_folder=is_folder,
            load=None if is_folder else _load_of(path),
        )


def _load_of(path: str) -> Load | None:
    lower = path.lower()
    if lower.endswith(AUDIO_ENDINGS):
        return Load(path=path)
    if not lower.endswith(PRESET_ENDINGS):
        return None
    data = _read_preset(path)
    pads = tuple((int(note), str(name), int(choke)) for note, name, choke in data["pads"])
    return Load(device=data["device"], preset=os.path.splitext(os.path.basename(path))[0], pads=pads)


def _read_preset(path: str) -> dict[str, Any]:
    usual: dict[str, Any] = {"device": "Drum Rack", "pads": [[36, "Kick", 0], [38, "Snare", 0]]}
    try:
        with open(path, encoding="utf-8") as file:
            return {**usual, **json.load(file)}
    except (OSError, ValueError):
        return usual
