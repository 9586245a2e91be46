"""Text of speech by a Moonshine model in one folder, with how sure the model was; nothing is ever fetched."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from engines.errors import EngineError
from engines.models.cards.card import how_to_set_up
from engines.models.devices import count_readers
from engines.models.musicgen.faults import UnfitError, blaming

RATE: Final = 16_000
"""Samples a second that it hears."""

SHORTEST: Final = RATE // 10
"""Samples below which nothing can have been said; its first three layers need a twentieth of a second."""

PIECES_A_SECOND: Final = 6.5
"""Of text at most, as its publishers advise: a model that goes on beyond that repeats itself."""

SPARE_PIECES: Final = 3
"""Beyond that: a single quick word and the mark of the end must fit as well."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text as the model writes it, with capitals and points, and how likely its pieces were on average (0..1)."""

    text: str
    likelihood: float


NOTHING: Final = Transcript("", 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Transcriber:
    """A model that is loaded. Computes on the processor: it is small, and a GPU has music to make."""

    _network: Any
    _words: Any
    _front: Any

    @classmethod
    def load(cls, folder: Path, name: str) -> Transcriber:
        """The model `name` of the files in a folder; raises EngineError with what is wrong and the cure."""
        torch.set_num_threads(count_readers())
        words = _open_words(folder / "tokenizer.json", name)
        front = _open_front(folder / "preprocessor_config.json", name)
        network = _open_network(folder, name)
        most = words.get_vocab_size()
        with blaming(folder / "tokenizer.json", name):
            if most > network.config.vocab_size:
                raise UnfitError(f"it has {most} pieces, and the network writes {network.config.vocab_size}")
        return cls(network, words, front)

    def transcribe(self, samples: Any) -> Transcript:
        """What was said in samples, float32 (time,), -1..1, 16,000 a second; nothing where they are too few."""
        if len(samples) < SHORTEST:
            return NOTHING
        heard = self._front(samples, sampling_rate=RATE, return_tensors="pt")
        with torch.inference_mode():
            made = self._network.generate(
                heard["input_values"],
                attention_mask=heard.get("attention_mask"),
                max_new_tokens=self._count_pieces(len(samples)),
                max_length=None,
                do_sample=False,
                num_beams=1,
                output_logits=True,
                return_dict_in_generate=True,
            )
        pieces = made.sequences[0][-len(made.logits) :]
        chances = torch.stack([logits[0].log_softmax(dim=-1) for logits in made.logits])
        chosen = chances[torch.arange(len(pieces)), pieces]
        text = self._words.decode(pieces.tolist(), skip_special_tokens=True).strip()
        return Transcript(text, math.exp(float(chosen.mean()))) if text else NOTHING

    def _count_pieces(self, samples: int) -> int:
        wanted = math.ceil(samples / RATE * PIECES_A_SECOND) + SPARE_PIECES
        # The one in front of the first is no text.
        return min(wanted, int(self._network.config.max_position_embeddings) - 1)


def _open_words(path: Path, name: str) -> Any:
    tokenizers = _import("tokenizers")
    with blaming(path, name):
        if not path.is_file():
            raise FileNotFoundError
        try:
            return tokenizers.Tokenizer.from_file(str(path))
        except Exception as error:  # it raises no type of its own
            raise UnfitError("it is broken") from error


def _open_front(path: Path, name: str) -> Any:
    """What makes of samples what the network takes: for most models, nothing but a row of a batch."""
    transformers = _import("transformers")
    with blaming(path, name):
        if not path.is_file():
            raise FileNotFoundError
        front = transformers.Wav2Vec2FeatureExtractor.from_pretrained(path.parent, local_files_only=True)
        if front.sampling_rate != RATE:
            raise UnfitError(f"it hears {front.sampling_rate} samples a second, not {RATE}")
        return front


def _open_network(folder: Path, name: str) -> Any:
    transformers = _import("transformers")
    # It would write into the log of whoever loads a model.
    transformers.logging.disable_progress_bar()
    path = folder / "config.json"
    with blaming(path, name):
        if not path.is_file():
            raise FileNotFoundError
        config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
        if config.model_type != "moonshine":
            raise UnfitError(f"it is of a model of another kind, {config.model_type}")
    path = folder / "model.safetensors"
    if not path.is_file():
        # Large ones come in parts.
        path = folder / "model.safetensors.index.json"
    with blaming(path, name):
        network, found = _load(transformers, folder, config)
        lacking = sorted(found["missing_keys"]) + sorted(str(each) for each in found["mismatched_keys"])
        if lacking:
            raise UnfitError(f"it lacks {lacking[0]}")
    return network.eval().requires_grad_(False)


def _load(transformers: Any, folder: Path, config: Any) -> tuple[Any, dict[str, Any]]:
    """The network, and what transformers found of its weights."""
    try:
        made: tuple[Any, dict[str, Any]] = transformers.MoonshineForConditionalGeneration.from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
            ignore_mismatched_sizes=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError):
        raise
    except Exception as error:  # safetensors' own is a plain exception
        raise UnfitError("it is broken") from error
    return made


def _import(name: str) -> Any:
    try:
        return __import__(name)
    except ImportError as error:
        raise EngineError(f"{name} cannot be imported ({error}): run `{how_to_set_up('models')}`.") from None
