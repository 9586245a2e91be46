"""Sentences for clients on other machines."""

from __future__ import annotations

import re


def without_folders(sentence: str, home: str) -> str:
    """Return a sentence with the names of files alone: where they are is the machine's own business.

    A recording that has no name is called so.

    >>> without_folders("/home/me/.musearoo/uploads/local/0a1b/Loop 1.wav has no sound.", "/home/me/.musearoo")
    'Loop 1.wav has no sound.'
    >>> without_folders("/home/me/.drafts/01a20fd2c1ec7ac4eedbde8b41b2adbf.part is empty.", "/home/me")
    'The recording is empty.'
    """
    named = re.sub(re.escape(home) + r"(?:[/\\][\w.-]+)*[/\\]", "", sentence)
    return re.sub(r"\b[0-9a-f]{32}\.part\b", "The recording", named)
