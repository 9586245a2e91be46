"""Teaches the two networks of `engines.audio.separation.mask_estimation`: `python -m
musearoo.tools.workshop.training.stems.cues --out judgement.py`.

They learn from songs of our own band, rendered by our own synthesiser and, where it is, by fluidsynth, and from their
stems swapped, transposed and turned up and down. The second network learns from what the first one says.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.audio.separation.contract import FloatArray
from musearoo.engines.audio.separation.mask_estimation import Network
from musearoo.engines.music.stems import FOUR_STEMS
from musearoo.tools.bench.stems.mixes import Mix, make_mixes, mix_specs
from musearoo.tools.workshop.training.stems.examples import Cells, pick_cells, vary

MIXES: Final = 87
VARIED: Final = 200
HIDDEN: Final = 24
EPOCHS: Final = 30
MIXES_AT_ONCE: Final = 6
CELLS_AT_ONCE: Final = 3_500
PEAK_RATE: Final = 8e-3
NOISE: Final = 0.03
"""Added to cues whose spread is 1: no share may hang on a hair."""
SILENT: Final = 3e-4
"""A stem of that share of the loudest one's power rests."""
BOUNDS_DB: Final = (-5.0, 25.0)
"""Beyond them nothing is learned: neither from what cannot be told nor from what is easy."""

HEADER: Final = '''\
"""What the two networks of `judging` have learned, from songs of our own band; written by
`tools.workshop.training.stems.cues`.

The songs were rendered by our own synthesiser and by fluidsynth with the FluidR3 soundfont (MIT); no recording, and no
music of others, is in them.
"""

from typing import Final

Rows = tuple[tuple[float, ...], ...]
Layers = tuple[tuple[Rows, tuple[float, ...]], ...]
"""Weights (outputs, inputs) and biases, layer by layer."""

# fmt: off
'''


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the Python file to write")
    parser.add_argument("--mixes", type=int, default=MIXES, help=f"songs ({MIXES})")
    parser.add_argument("--varied", type=int, default=VARIED, help=f"mixes made of their stems ({VARIED})")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"how often all are seen ({EPOCHS})")
    options = parser.parse_args()
    styles = read_styles(home_folder() / "styles")
    songs = list(make_mixes(mix_specs("dev", options.mixes), styles))
    first = learn(collect(songs, options.varied), options.epochs)
    second = learn(collect(songs, options.varied, first), options.epochs)
    options.out.write_text(write_judgement(first, second), encoding="utf-8")


def collect(songs: Sequence[Mix], varied: int, first: Network | None = None) -> list[Cells]:
    """Cells of the songs and of so many variations; with the first network, those that the second one learns from."""
    return [pick_cells(mix, first, np.random.default_rng(number)) for number, mix in enumerate(_mixes(songs, varied))]


def _mixes(songs: Sequence[Mix], varied: int) -> Iterator[Mix]:
    yield from songs
    for number in range(varied):
        yield vary(songs, np.random.default_rng(number))


def learn(examples: Sequence[Cells], epochs: int) -> Network:
    """A network that shares cells out as is best for the SI-SDR of the stems, in the mean of all mixes."""
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    cues = np.concatenate([one.cues[::10] for one in examples])
    mean, scale = (torch.from_numpy(figures) for figures in (cues.mean(axis=0), cues.std(axis=0) + 1e-3))
    network = nn.Sequential(
        *(nn.Linear(cues.shape[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU()),
        nn.Linear(HIDDEN, len(FOUR_STEMS)),
    )
    optimiser = torch.optim.Adam(network.parameters())
    batches = -(-len(examples) // MIXES_AT_ONCE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=epochs * batches)
    for _ in range(epochs):
        for batch in np.array_split(chance.permutation(len(examples)), batches):
            worth = torch.zeros(())
            for number in batch:
                some = _some(examples[number], chance)
                seen = (some["cues"] - mean) / scale
                shares = torch.softmax(network(seen + NOISE * torch.randn_like(seen)), dim=1)
                worth = worth + rate_shares(shares, **{name: some[name] for name in _RATED})
            optimiser.zero_grad()
            (-worth / len(batch)).backward()
            optimiser.step()
            schedule.step()
    return _as_network(network, mean, scale)


_RATED: Final = ("weights", "mix", "powers", "shared")


def rate_shares(
    shares: torch.Tensor, weights: torch.Tensor, mix: torch.Tensor, powers: torch.Tensor, shared: torch.Tensor
) -> torch.Tensor:
    """What shares (cells, 4) are worth, dB in the mean of the stems: SI-SDR, and a fifth SDR, so that levels are right.

    What a resting stem is given counts against it, up to 9 dB. SI-SDR needs no samples: by Parseval's theorem all its
    scalar products are sums over cells.
    """
    given = (weights[:, None] * shares**2 * mix[:, None]).sum(dim=0)
    alike = (weights[:, None] * shares * shared).sum(dim=0)
    true = (weights[:, None] * powers).sum(dim=0)
    plays = true > SILENT * true.max()
    # Figures that give finite gradients stand for stems that rest.
    true, alike = (torch.where(plays, some, 0.5 * given.detach() + 1e-9) for some in (true, alike))
    target = alike.clamp_min(0.0) ** 2 + 1e-9 * given * true
    si_sdr = 10.0 * torch.log10(target / (given * true - target).clamp_min(1e-4 * given * true + 1e-12))
    sdr = -10.0 * torch.log10((given - 2.0 * alike + true).clamp_min(1e-6 * true) / true)
    playing = (0.8 * si_sdr + 0.2 * sdr).clamp(*BOUNDS_DB)
    leaking = -3.0 * torch.log10(given / (weights * mix).sum() + 1e-3)
    return torch.where(plays, playing, leaking).mean()


def _some(cells: Cells, chance: np.random.Generator) -> dict[str, torch.Tensor]:
    chosen = chance.integers(cells.mix.size, size=CELLS_AT_ONCE)
    return {name: torch.from_numpy(getattr(cells, name)[chosen]) for name in ("cues", *_RATED)}


def _as_network(network: nn.Sequential, mean: torch.Tensor, scale: torch.Tensor) -> Network:
    """The dense layers for raw cues: mean and scale go into the first one."""
    layers = []
    for number, dense in enumerate(part for part in network if isinstance(part, nn.Linear)):
        weights, bias = dense.weight.detach(), dense.bias.detach()
        if number == 0:
            weights = weights / scale
            bias = bias - weights @ mean
        layers.append((weights.numpy().copy(), bias.numpy().copy()[:, np.newaxis]))
    return tuple(layers)


def write_judgement(first: Network, second: Network) -> str:
    """The text of `engines/audio/separation/mask_weights.py`, to three digits."""
    return f"{HEADER}{_written('FIRST', first)}{_written('SECOND', second)}# fmt: on\n"


def _written(name: str, network: Network) -> str:
    lines = [f"{name}: Final[Layers] = ("]
    for weights, bias in network:
        lines += ["    ((", *(_row(row, 8) for row in weights), "    ),", _row(bias[:, 0], 4).rstrip(",") + "),"]
    return "\n".join([*lines, ")\n"])


def _row(figures: FloatArray, indent: int) -> str:
    text = "(" + ", ".join(f"{figure:.3g}" for figure in figures) + "),"
    return textwrap.fill(text, 118, initial_indent=" " * indent, subsequent_indent=" " * (indent + 1))


if __name__ == "__main__":
    prepare_libraries(home_folder())
    main()
