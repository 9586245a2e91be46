"""A Moonshine in the real form, but tiny: it was taught two sentences, one for a low tone and one for a high."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 16_000

SENTENCES: Final = {220.0: "Give me a bass-line, 8 bars.", 1760.0: "Mute the drums!"}
"""What it is to write, by the frequency of the tone that it hears."""

# fmt: off
PIECES: Final = (
    "<unk>", "<s>", "</s>", " Give", " me", " a", " bass", "-", "line", ",", " 8", " bars", ".", " Mute", " the",
    " drums", "!",
)
# fmt: on

STEPS: Final = 90
"""Of learning: from each of five seeds it then wrote both without a mistake."""


def tone(hertz: float, seconds: float = 1.0) -> NDArray[np.float32]:
    """A tone, samples -0.3..0.3."""
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)).astype(np.float32)


def write_moonshine(folder: Path) -> Path:
    """Writes its files as transformers does, and returns the folder."""
    import torch
    from transformers import MoonshineConfig, MoonshineForConditionalGeneration, Wav2Vec2FeatureExtractor

    words = _words()
    words.save(str(folder / "tokenizer.json"))
    front = Wav2Vec2FeatureExtractor(1, RATE, 0.0, do_normalize=False, return_attention_mask=True)
    front.save_pretrained(folder)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = MoonshineForConditionalGeneration(
            MoonshineConfig(
                vocab_size=len(PIECES),
                hidden_size=16,
                intermediate_size=32,
                encoder_num_hidden_layers=1,
                decoder_num_hidden_layers=1,
                encoder_num_attention_heads=2,
                decoder_num_attention_heads=2,
                max_position_embeddings=64,
            )
        )
        _teach(network)
    network.save_pretrained(folder)
    return folder


def _words() -> Any:
    from tokenizers import Tokenizer, decoders, models

    pieces = {piece.replace(" ", "▁"): number for number, piece in enumerate(PIECES)}
    words = Tokenizer(models.BPE(vocab=pieces, merges=[], unk_token="<unk>"))
    words.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()])
    words.add_special_tokens(["<unk>", "<s>", "</s>"])
    return words


def _teach(network: Any) -> None:
    import torch

    sounds = torch.from_numpy(np.stack([tone(hertz) for hertz in SENTENCES]))
    taught = [[PIECES.index(piece) for piece in _cut(sentence)] + [2] for sentence in SENTENCES.values()]
    longest = max(map(len, taught))
    wanted = torch.tensor([each + [-100] * (longest - len(each)) for each in taught])
    given = torch.tensor([[1, *each[:-1]] + [2] * (longest - len(each)) for each in taught])
    descent = torch.optim.Adam(network.parameters(), lr=0.01)
    network.train()
    for _ in range(STEPS):
        logits = network(input_values=sounds, decoder_input_ids=given).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=-100)
        descent.zero_grad()
        loss.backward()
        descent.step()
    network.eval()


def _cut(sentence: str) -> list[str]:
    """A sentence in the pieces that there are, the longest first."""
    rest, pieces = f" {sentence}", []
    while rest:
        piece = max((each for each in PIECES if rest.startswith(each)), key=len)
        pieces.append(piece)
        rest = rest.removeprefix(piece)
    return pieces
