"""The models of Moonshine, which make text of speech: of any English, where the built-in recogniser knows our words."""

from __future__ import annotations

from typing import Final

from engines.models.cards.card import ModelCard, how_to_set_up
from engines.models.cards.forms import Pack, PackForm

_PACK: Final = Pack(
    # Earlier ones on the hub have no preprocessor_config.json, other names in their weights, and code of their own.
    ("config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json"),
    spare=("generation_config.json", "special_tokens_map.json", "tokenizer_config.json"),
    kinds=("moonshine",),
)
"""What transformers reads since 4.48: everything in one folder."""

_TERMS: Final = (
    "Moonshine was published by Useful Sensors (N. Jeffries and others, 2024, https://arxiv.org/abs/2410.15608), the "
    "code and the weights of its English models under the MIT licence (page of this model: "
    "https://huggingface.co/{repository}), which lets you use them for anything as long as the licence goes with "
    "copies of them. Its publishers say that it can make up words that nobody said, above all of very short sounds, "
    "and that it should not be used to judge people. MuseAroo is not its publisher."
)


def _card(size: str, purpose: str, bytes: int, sha256: str) -> ModelCard:
    """`bytes`: of its weights and its list of words. `sha256`: of its weights, as the hub's page of that file says."""
    repository = f"UsefulSensors/moonshine-{size}"
    return ModelCard(
        f"moonshine-{size}",
        "moonshine",
        f"Moonshine {size}",
        purpose,
        "MIT",
        _TERMS.format(repository=repository),
        repository,
        bytes,
        PackForm((_PACK,), {"model.safetensors": sha256}),
        ("torch", "transformers", "safetensors", "tokenizers"),
        f"`{how_to_set_up('models')}`",
    )


MOONSHINE: Final[tuple[ModelCard, ...]] = (
    _card(
        "tiny",
        "text of speech, any English words: 27 million numbers",
        110_000_000,
        "867cd2215804859c55aa972d740bd5002be149b4e7526328c895d2408848c736",
    ),
    _card(
        "base",
        "text of speech with fewer mistakes: 61 million numbers, twice the work",
        248_000_000,
        "e020c79d0a979a7ec099f718ff1cd2f19e92aead230d69654bca5975a8e1b862",
    ),
)
