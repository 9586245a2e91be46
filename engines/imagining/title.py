"""What Live calls an imagined clip: the beginning of its prompt, and which take it is."""

from __future__ import annotations

from typing import Final

from engines.imagining.cleaning import clean_prompt, cut_at_word
from engines.imagining.figures import read_figures

LONGEST: Final = 32
"""Characters of the prompt: about what a clip slot of Live shows when its track is wide."""
NAMELESS: Final = "imagined"


def name_clip(text: str, take: int, takes: int, style: str = "") -> str:
    """The name of a take, which counts from 1: what was typed, without tempo and key, for the set shows these.

    A text without words falls back to the style.

    >>> name_clip("warm dub bass, 72 bpm", 2, 3), name_clip("", 1, 1, "funk")
    ('warm dub bass · take 2', 'funk')
    """
    typed = clean_prompt(text)
    words = read_figures(typed, {}).rest if any(map(str.isalpha, typed)) else ""
    name = cut_at_word(words, LONGEST).strip(" ,;:.-") or style or NAMELESS
    return name if takes == 1 else f"{name} · take {take}"
