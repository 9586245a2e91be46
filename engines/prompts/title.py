"""The clip name of a generated take: the beginning of its prompt, and the take number."""

from __future__ import annotations

from typing import Final

from musearoo.engines.prompts.cleaning import clean_prompt, cut_at_word
from musearoo.engines.prompts.figures import read_figures

LONGEST: Final = 32
"""Maximum characters of the prompt: about what a wide clip slot in Live shows."""
NAMELESS: Final = "imagined"
_BREAKS: Final = frozenset(
    ("and", "or", "but", "with", "without", "featuring", "over", "in", "on", "at", "of", "for", "to", "from", "through",
     "by", "under", "like", "into", "that", "which", "where", "no", "not", "plus", "&", "+", "-")
)  # fmt: skip
"""Words before which a name may end."""
_ARTICLES: Final = frozenset(("a", "an", "the", "some", "very"))


def name_clip(text: str, take: int, takes: int, style: str = "") -> str:
    """Return the name of a take (from 1): the prompt without tempo and key, which the set shows anyway.

    A long text is cut before a new clause; a text without words falls back to the style.

    >>> name_clip("warm dub bass, 72 bpm", 2, 3), name_clip("", 1, 1, "funk")
    ('warm dub bass · take 2', 'funk')
    """
    typed = clean_prompt(text)
    words = read_figures(typed, {}).rest if any(map(str.isalpha, typed)) else ""
    name = _shorten(words) or style or NAMELESS
    return name if takes == 1 else f"{name} · take {take}"


def _shorten(text: str) -> str:
    """Shorten a text to the last comma or word that starts a new clause.

    >>> _shorten("dusty electric piano and a deep bass, no drums"), _shorten("funk, with bass")
    ('dusty electric piano', 'funk, with bass')
    """
    kept = cut_at_word(text, LONGEST)
    if len(kept) < len(text):
        words = kept.split(" ")
        following = text[len(kept) :].lstrip(" ")
        # The cut may stay where it is if a new clause follows.
        if text[len(kept)] == " " and following.split(" ")[0].lower() not in _BREAKS:
            breaks = [at for at in range(1, len(words)) if words[at].lower() in _BREAKS or words[at - 1].endswith(",")]
            words = words[: breaks[-1]] if breaks else words
        while len(words) > 1 and words[-1].lower() in _BREAKS | _ARTICLES:
            words.pop()
        kept = " ".join(words)
    return kept.strip(" ,;:.-")
