"""Tokenise and encode a prompt with T5, exactly as audiocraft does.

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
from musearoo.engines.neural.musicgen.faults import UnfitError, naming_file

LONGEST: Final = 512
"""Tokens, the end token included: T5's training length."""

UNKNOWN: Final = "<unk>"
SPACE: Final = "▁"
"""Prefix of a token that begins a word."""

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
"""Config keys of a T5's sizes."""
LARGEST_SIZE: Final = 1 << 20
MOST_LAYERS: Final = 128
"""Upper bounds: the largest T5 has 24 layers, and a vocabulary of 32,128."""

LARGEST_TOKENIZER: Final = 64 << 20
"""Bytes; T5's tokenizer has two million."""

SHOWN: Final = 5
"""Unknown words named in a note."""

SHOWN_LETTERS: Final = 60
"""Letters of a prompt shown in an error."""


@dataclass(frozen=True, slots=True)
class TokenizedPrompt:
    """A tokenised prompt: the text, its token ids with the end token last, and notes for the user."""

    text: str
    pieces: tuple[int, ...]
    notes: tuple[str, ...]


class PromptTokenizer:
    """The tokenizer of a text encoder."""

    def __init__(self, folder: Path, name: str) -> None:
        """Raise EngineError if the folder has no intact tokenizer."""
        self._tokenizer = _open_tokenizer(folder, name)
        self._unknown = self._tokenizer.token_to_id(UNKNOWN)
        self._space = self._tokenizer.token_to_id(SPACE)

    def read(self, prompt: str) -> TokenizedPrompt:
        """Tokenise a prompt; raises ParamError if no word of it is known."""
        text = prompt.strip()
        if not text:
            return TokenizedPrompt("", (), ())
        read = self._tokenizer.encode(text)
        notes: tuple[str, ...] = ()
        if len(read.ids) > LONGEST:
            whole, text = text, text[: _find_cut(read, LONGEST)].rstrip()
            read = self._tokenizer.encode(text)
            notes = (f"The prompt is long: MusicGen reads the first {len(text):,} of its {len(whole):,} letters.",)
        unknown = [offsets for piece, offsets in zip(read.ids, read.offsets, strict=True) if piece == self._unknown]
        # The end token has no position in the text; a space token has that of the letter after it.
        pieces = zip(read.ids, read.offsets, strict=True)
        known = "".join(
            text[start:stop] for piece, (start, stop) in pieces if piece not in (self._unknown, self._space)
        )
        if not any(letter.isalnum() for letter in known):
            shown = text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…"
            raise ParamError("prompt", "words that MusicGen knows, which are English ones", shown)
        return TokenizedPrompt(text, tuple(read.ids), notes + _note_unknown(text, unknown))


class TextEncoder:
    """T5 encoder in full precision on the CPU; encoding a prompt takes some hundredths of a second."""

    def __init__(self, files: TextFiles, projection: Projection) -> None:
        """Raise EngineError if the encoder is broken, or its width does not match the projection."""
        self.words = PromptTokenizer(files.folder, files.name)
        with naming_file(files.folder, files.name):
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
        """Width of the output."""
        return int(self._projection.weight.shape[0])

    def encode(self, reading: TokenizedPrompt) -> Any:
        """Encode a prompt to a float32 tensor (tokens, dim); one row of zeros for an empty prompt.

        The latest result is cached, since takes of one prompt differ only in their seeds.
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
    with naming_file(folder / "tokenizer.json", name):
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
    """Call a library function that raises plain exceptions for a broken file, and raise UnfitError instead."""
    try:
        return open_it(*where, **how)
    except Exception as error:  # the library raises no type of its own
        raise UnfitError("it is broken") from error


def _build(files: TextFiles) -> Any:
    """Build the encoder half of a T5, its tensors still memory-mapped."""
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
    """Return the sizes for building a T5; a config may have other keys, such as code to download."""
    size = {name: config[name] for name in (*SIZES, "feed_forward_proj", "layer_norm_epsilon") if name in config}
    for name in SIZES:
        value = size.get(name, 1)
        most = MOST_LAYERS if name == "num_layers" else LARGEST_SIZE
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise UnfitError(f"its {name} is {value!r:.40}, where 1 to {most:,} is possible")
    return size


def _find_cut(read: Any, most: int) -> int:
    """Return where to cut a text so that at most `most` tokens remain, end token included: before the word there.

    A word longer than that is cut within.
    """
    for place in range(most - 1, 0, -1):
        if read.tokens[place].startswith(SPACE):
            return int(read.offsets[place][0])
    return int(read.offsets[most - 1][0])


def _note_unknown(text: str, unknown: list[tuple[int, int]]) -> tuple[str, ...]:
    words = list(dict.fromkeys(text[start:stop].strip() for start, stop in unknown))
    shown = [f"“{word[:SHOWN_LETTERS]}”" for word in words if word][:SHOWN]
    if not shown:
        return ()
    rest = " and more" if len(words) > SHOWN else ""
    return (f"MusicGen reads English; it does not know {', '.join(shown)}{rest}.",)
