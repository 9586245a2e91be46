"""Sentences for clients on other machines."""

from __future__ import annotations

import re


def without_folders(sentence: str, home: str) -> str:
    """Return a sentence with the names of files alone: where they are is the machine's own business.

    >>> without_folders("/home/me/.musearoo/uploads/local/0a1b/Loop 1.wav has no sound.", "/home/me/.musearoo")
    'Loop 1.wav has no sound.'
    """
    return re.sub(re.escape(home) + r"(?:[/\\][\w.-]+)*[/\\]", "", sentence)
