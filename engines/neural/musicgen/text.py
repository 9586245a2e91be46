"""Tokenise and encode a prompt with T5, word for word as audiocraft does.

T5: C. Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer" (2020).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musearoo import how_to_install
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.musicgen.checkpoint import Projection, TextFiles
from musearoo.engines.neural.musicgen.faults import UnfitError, blaming

LONGEST: Final = 512
"""Pieces of words, the sign for the end among them: what T5 was trained to read at once."""

UNKNOWN: Final = "<unk>"
SPACE: Final = "▁"
"""How a piece begins that begins a word."""

SIZES: Final = (
    "d_ff",
    "d_kv",
    "d_model",
    "num_heads",
    "num_layers",
    "relative_attention_max_distance",
    "relative_attention_num_buckets",
    "vocab_size",
)
"""What the configuration of a T5 says of how large it is."""
LARGEST_SIZE: Final = 1 << 20
MOST_LAYERS: Final = 128
"""The largest T5 has 24 layers, and a vocabulary of 32,128."""

LARGEST_TOKENIZER: Final = 64 << 20
"""Bytes; T5's has two million."""

SHOWN: Final = 5
"""So many unknown words are named."""

SHOWN_LETTERS: Final = 60
"""Of a prompt in an error."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A prompt as it is read: the text, the numbers of its pieces with the end's last, and what the user is told."""

    text: str
    pieces: tuple[int, ...]
    notes: tuple[str, ...]


class Words:
    """The tokenizer of a text encoder: what it makes of a prompt."""

    def __init__(self, folder: Path, name: str) -> None:
        """Raises EngineError where the folder has no tokenizer, or one that is broken."""
        self._tokenizer = _open_tokenizer(folder, name)
        self._unknown = self._tokenizer.token_to_id(UNKNOWN)
        self._space = self._tokenizer.token_to_id(SPACE)

    def read(self, prompt: str) -> Reading:
        """How a prompt is read; raises ParamError where nothing of it can be."""
        text = prompt.strip()
        if not text:
            return Reading("", (), ())
        read = self._tokenizer.encode(text)
        notes: tuple[str, ...] = ()
        if len(read.ids) > LONGEST:
            whole, text = text, text[: _find_cut(read, LONGEST)].rstrip()
            read = self._tokenizer.encode(text)
            notes = (f"The prompt is long: MusicGen reads the first {len(text):,} of its {len(whole):,} letters.",)
        unknown = [offsets for piece, offsets in zip(read.ids, read.offsets, strict=True) if piece == self._unknown]
        # The sign for the end is at no place of the text; that for a space is at the letter behind it.
        pieces = zip(read.ids, read.offsets, strict=True)
        known = "".join(
            text[start:stop] for piece, (start, stop) in pieces if piece not in (self._unknown, self._space)
        )
        if not any(letter.isalnum() for letter in known):
            shown = text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…"
            raise ParamError("prompt", "words that MusicGen knows, which are English ones", shown)
        return Reading(text, tuple(read.ids), notes + _tell_unknown(text, unknown))


class TextEncoder:
    """Words and what they mean: a T5 in full precision on the processor, which reads a prompt in some hundredths."""

    def __init__(self, files: TextFiles, projection: Projection) -> None:
        """Raises EngineError where the encoder is broken, or gives another width than the projection takes."""
        self.words = Words(files.folder, files.name)
        with blaming(files.folder, files.name):
            self._network = _build(files)
            if files.config.get("d_model") != projection.weight.shape[1]:
                raise UnfitError(
                    f"it gives {files.config.get('d_model')} values a piece, "
                    f"and the model takes {projection.weight.shape[1]}"
                )
        self._projection = projection
        self._latest: tuple[tuple[int, ...], Any] | None = None

    @property
    def dim(self) -> int:
        """The width of what it gives."""
        return int(self._projection.weight.shape[0])

    def encode(self, reading: Reading) -> Any:
        """What a prompt means: a float32 tensor (pieces, dim); one row of zeros where there are no words.

        The latest prompt is not read again: takes differ by their seeds alone.
        """
        import torch

        if not reading.pieces:
            return torch.zeros(1, self.dim)
        if self._latest is None or self._latest[0] != reading.pieces:
            self._latest = reading.pieces, self._run(reading.pieces)
        return self._latest[1]

    def _run(self, pieces: tuple[int, ...]) -> Any:
        import torch

        with torch.inference_mode():
            ids = torch.tensor([pieces])
            found = self._network(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0]
            return torch.nn.functional.linear(found, self._projection.weight, self._projection.bias)


def _open_tokenizer(folder: Path, name: str) -> Any:
    with blaming(folder / "tokenizer.json", name):
        try:
            from tokenizers import Tokenizer
            from transformers import T5Tokenizer
        except ImportError as error:
            raise EngineError(f"T5 cannot be imported ({error}): run `{how_to_install('models')}`.") from None
        for file in ("tokenizer.json", "spiece.model", "tokenizer_config.json", "added_tokens.json"):
            if (folder / file).is_file() and (folder / file).stat().st_size > LARGEST_TOKENIZER:
                raise UnfitError(f"its {file} is too large")
        if (folder / "tokenizer.json").is_file():
            tokenizer = _unchecked(Tokenizer.from_file, str(folder / "tokenizer.json"))
        elif (folder / "spiece.model").is_file():
            tokenizer = _unchecked(T5Tokenizer.from_pretrained, folder, local_files_only=True).backend_tokenizer
        else:
            raise FileNotFoundError
        if tokenizer.token_to_id(UNKNOWN) is None:
            raise UnfitError("it is no tokenizer of T5's kind")
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def _unchecked(open_it: Callable[..., Any], *where: Any, **how: Any) -> Any:
    """What a library opens that raises plain exceptions over a file that is broken."""
    try:
        return open_it(*where, **how)
    except Exception as error:  # it raises no type of its own
        raise UnfitError("it is broken") from error


def _build(files: TextFiles) -> Any:
    """The reading half of a T5, its tensors still on the disk."""
    import torch
    from transformers import T5Config, T5EncoderModel

    with torch.device("meta"):
        network = T5EncoderModel(T5Config(**_take_size(files.config)))
    state = {tensor: values.float() for tensor, values in files.state.items()}
    shared = state.setdefault("shared.weight", state.get("encoder.embed_tokens.weight"))
    if shared is None:
        raise UnfitError("it lacks shared.weight")
    state["encoder.embed_tokens.weight"] = shared
    found = network.load_state_dict(state, strict=False, assign=True)
    if found.missing_keys:
        raise UnfitError(f"it lacks {found.missing_keys[0]}")
    return network.eval().requires_grad_(False)


def _take_size(config: Mapping[str, Any]) -> dict[str, Any]:
    """What a T5 is built by; a configuration may name other things too, such as code to be fetched."""
    size = {name: config[name] for name in (*SIZES, "feed_forward_proj", "layer_norm_epsilon") if name in config}
    for name in SIZES:
        value = size.get(name, 1)
        most = MOST_LAYERS if name == "num_layers" else LARGEST_SIZE
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise UnfitError(f"its {name} is {value!r:.40}, where 1 to {most:,} is possible")
    return size


def _find_cut(read: Any, most: int) -> int:
    """Where a text is cut so that no more pieces are left, the end's among them: in front of the word at that place.

    A word that is longer than all that can be read is cut within.
    """
    for place in range(most - 1, 0, -1):
        if read.tokens[place].startswith(SPACE):
            return int(read.offsets[place][0])
    return int(read.offsets[most - 1][0])


def _tell_unknown(text: str, unknown: list[tuple[int, int]]) -> tuple[str, ...]:
    words = list(dict.fromkeys(text[start:stop].strip() for start, stop in unknown))
    shown = [f"“{word[:SHOWN_LETTERS]}”" for word in words if word][:SHOWN]
    if not shown:
        return ()
    rest = " and more" if len(words) > SHOWN else ""
    return (f"MusicGen reads English; it does not know {', '.join(shown)}{rest}.",)
