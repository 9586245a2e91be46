"""What a language model of MusicGen is told: its words, its tune, and the nothing that guidance compares them with."""

from __future__ import annotations

from typing import Any

from engines.imagining.contract import FloatArray
from engines.models.musicgen.checkpoint import Projection
from engines.models.musicgen.decoding.shape import Conditions


def tell_words(words: Any) -> Conditions:
    """Words alone, (pieces, dim): they are looked at from all places; nothing is zeros."""
    import torch

    return Conditions(cross=torch.stack([words, torch.zeros_like(words)]), prepend=None)


def tell_tune(words: Any, frames: FloatArray, still: FloatArray, projection: Projection) -> Conditions:
    """A tune (frames, bins) and words (pieces, dim), which stand in front in this order.

    Nothing is the tune of silence, `still`, and zeros for the words.
    """
    import torch

    chroma = torch.from_numpy(frames), torch.from_numpy(still)
    told = [torch.nn.functional.linear(frame, projection.weight, projection.bias) for frame in chroma]
    rows = zip(told, (words, torch.zeros_like(words)), strict=True)
    return Conditions(cross=None, prepend=torch.stack([torch.cat(row) for row in rows]))
