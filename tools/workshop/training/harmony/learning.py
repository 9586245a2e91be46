"""Learns the weights of `engines.analysis.fast.harmony`.

`python3 -m musearoo.tools.workshop.training.harmony.learning --train DIR… --cache DIR [--start F.npz] [--epochs N]
--out F.npz`

The network of `network.py` in torch, by cross entropy on steps; its first channel learns which notes sound, too. Tables
that need no gradient are counted by `tables.py` afterwards.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.engines.analysis.fast.harmony.network import (
    CONTEXT_STEPS,
    HARMONIC_OFFSETS,
    NOTE_PITCHES,
    REGISTER_CENTRES,
    register_matrix,
)
from musearoo.engines.analysis.fast.harmony.spectrum import PITCHES
from musearoo.engines.analysis.fast.harmony.steps import pooling_matrix
from musearoo.engines.analysis.fast.harmony.vocabulary import NONE, QUALITY_COUNT
from musearoo.tools.workshop.training.harmony.examples import (
    UNUSED,
    Example,
    draw_steps,
    label_steps,
    load_examples,
    silent_kinds,
)

CHANNELS: Final = 8
HIDDEN: Final = 48
CONTEXT: Final = 40
CLIPS_A_BATCH: Final = 12
DROPOUT: Final = 0.2
NOTE_LOSS: Final = 2.0
BASS_LOSS: Final = 0.5


class HarmonyNetwork(nn.Module):  # type: ignore[misc]
    """`network.score_steps` as torch sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.note = nn.Linear(len(HARMONIC_OFFSETS), CHANNELS)
        self.root = nn.Linear(CHANNELS * len(REGISTER_CENTRES) * 12, HIDDEN)
        self.context = nn.Linear((2 * CONTEXT_STEPS + 1) * HIDDEN, CONTEXT)
        self.quality = nn.Linear(CONTEXT, QUALITY_COUNT)
        self.bass = nn.Linear(CONTEXT, 1, bias=False)
        self.none = nn.Linear(CONTEXT, 1)
        self.note_gain = nn.Parameter(torch.tensor([2.0, -2.0]))
        self.dropout = nn.Dropout(DROPOUT)
        places = torch.arange(NOTE_PITCHES)[:, None] + torch.tensor(HARMONIC_OFFSETS) - min(HARMONIC_OFFSETS)
        self.register_buffer("places", places)
        self.register_buffer("rotations", (torch.arange(12)[:, None] + torch.arange(12)) % 12)
        self.register_buffer("registers", torch.from_numpy(register_matrix()))

    def forward(
        self, salience: torch.Tensor, pooling: torch.Tensor, clips: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """(chords (steps, 193), basses (steps, 12), notes (frames, 72)), as logits.

        `salience` (frames, 80); `pooling` (steps, frames); `clips` (steps,): which clip each
        step is of.
        """
        over = max(0, NOTE_PITCHES + max(HARMONIC_OFFSETS) - PITCHES)
        padded = nn.functional.pad(salience, (-min(HARMONIC_OFFSETS), over))
        notes = torch.relu(self.note(padded[:, self.places]))
        sounding = notes[:, :, 0] * self.note_gain[0] + self.note_gain[1]
        pooled = (pooling @ notes.flatten(1)).unflatten(1, (NOTE_PITCHES, CHANNELS)).transpose(1, 2)
        folded = (pooled @ self.registers).reshape(pooled.shape[0], -1, 12)
        seen = folded[:, :, self.rotations].permute(0, 2, 1, 3).flatten(2)
        hidden = self.dropout(torch.relu(self.root(seen)))
        sides = []
        for shift in range(CONTEXT_STEPS, -CONTEXT_STEPS - 1, -1):
            of_clip = (torch.roll(clips, shift) == clips)[:, None, None]
            sides.append(torch.roll(hidden, shift, 0) * of_clip)
        around = torch.cat(sides, dim=2)
        decided = self.dropout(torch.relu(self.context(around)))
        chords = torch.cat([self.quality(decided).flatten(1), self.none(decided.mean(dim=1))], dim=1)
        return chords, self.bass(decided)[:, :, 0], sounding


def learn(network: HarmonyNetwork, examples: Sequence[Example], epochs: int, rate: float, random: Random) -> None:
    """Shows the network every example `epochs` times, each time transposed and coloured anew; `rate` is the highest."""
    batches = len(examples) // CLIPS_A_BATCH
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * batches)
    generator = np.random.default_rng(random.randrange(1 << 30))
    for epoch in range(epochs):
        order = random.sample(range(len(examples)), len(examples))
        totals = np.zeros(4)
        for batch in range(batches):
            chosen = [examples[index] for index in order[batch * CLIPS_A_BATCH : (batch + 1) * CLIPS_A_BATCH]]
            salience, pooling, clips, labels, notes, has_notes = _collate(chosen, random, generator)
            chords, basses, sounding = network(salience, pooling, clips)
            chord_loss = nn.functional.cross_entropy(chords, labels[:, 0], ignore_index=UNUSED, label_smoothing=0.03)
            bass_loss = nn.functional.cross_entropy(basses, labels[:, 1], ignore_index=UNUSED)
            note_loss = nn.functional.binary_cross_entropy_with_logits(sounding[has_notes], notes[has_notes])
            loss = chord_loss + BASS_LOSS * bass_loss + NOTE_LOSS * note_loss
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            used = labels[:, 0] != UNUSED
            right = float((chords.argmax(1) == labels[:, 0])[used].float().mean())
            totals += [chord_loss.item(), bass_loss.item(), note_loss.item(), right]
        print(epoch, "chords {:.3f} bass {:.3f} notes {:.3f} right {:.3f}".format(*(totals / batches)), flush=True)


def _collate(examples: Sequence[Example], random: Random, generator: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """A batch: salience, pooling, clips, labels, notes, and which frames have notes."""
    saliences, poolings, labels, rolls, known = [], [], [], [], []
    clips: list[npt.NDArray[np.int64]] = []
    for example in examples:
        shift = random.randint(-6, 6)
        steps = draw_steps(example, random)
        frames = example.spectrum.frames
        saliences.append(_coloured(_shifted(example.spectrum.salience.astype(np.float32), shift), random, generator))
        poolings.append(pooling_matrix(steps.edges, 0, frames))
        clips.append(np.full(steps.count, len(clips)))
        label = label_steps(example, steps)
        chord, bass = label[:, 0], label[:, 1]
        is_chord = (chord != UNUSED) & (chord != NONE)
        moved = (chord // QUALITY_COUNT + shift) % 12 * QUALITY_COUNT + chord % QUALITY_COUNT
        labels.append(
            np.stack([np.where(is_chord, moved, chord), np.where(bass == UNUSED, UNUSED, (bass + shift) % 12)], 1)
        )
        roll = np.zeros((frames, NOTE_PITCHES), np.float32) if example.notes is None else _shifted(example.notes, shift)
        rolls.append(roll)
        known.append(np.full(frames, example.notes is not None))
    pooling = torch.block_diag(*(torch.from_numpy(matrix) for matrix in poolings))
    return (
        torch.from_numpy(np.concatenate(saliences)),
        pooling,
        torch.from_numpy(np.concatenate(clips)),
        torch.from_numpy(np.concatenate(labels)),
        torch.from_numpy(np.concatenate(rolls)),
        torch.from_numpy(np.concatenate(known)),
    )


def _shifted(rows: npt.NDArray[np.float32], shift: int) -> npt.NDArray[np.float32]:
    """Rows (frames, pitches) moved up by `shift` semitones."""
    moved = np.zeros_like(rows)
    if shift >= 0:
        moved[:, shift:] = rows[:, : rows.shape[1] - shift]
    else:
        moved[:, :shift] = rows[:, -shift:]
    return moved


def _coloured(
    salience: npt.NDArray[np.float32], random: Random, generator: np.random.Generator
) -> npt.NDArray[np.float32]:
    """The salience as another instrument, room or mix might have given it."""
    pitches = np.arange(salience.shape[1])
    curve = np.interp(pitches, np.linspace(0, pitches[-1], 6), generator.normal(size=6) * 0.25)
    coloured = salience * np.exp(curve - 0.2 * abs(random.gauss(0.0, 1.0)))
    if random.random() < 0.5:
        coloured = np.maximum(coloured + generator.normal(size=salience.shape) * random.uniform(0.0, 0.3), 0.0)
    if random.random() < 0.15:
        coloured[:, : random.randint(8, 28)] = 0.0
    return coloured.astype(np.float32)


def import_arrays(network: HarmonyNetwork, arrays: Mapping[str, npt.NDArray[np.float32]]) -> None:
    """Makes the network what `export_arrays` has written."""
    layers = {"note": network.note, "root": network.root, "context": network.context, "quality": network.quality}
    layers |= {"bass": network.bass, "none": network.none}
    with torch.no_grad():
        for name, layer in layers.items():
            layer.weight.copy_(torch.from_numpy(arrays[name].T.copy()))
            if layer.bias is not None:
                layer.bias.copy_(torch.from_numpy(arrays[f"{name}_bias"]))


def export_arrays(network: HarmonyNetwork) -> dict[str, npt.NDArray[np.float32]]:
    """The arrays of `network.Weights` that were learned by gradient."""
    layers = {"note": network.note, "root": network.root, "context": network.context, "quality": network.quality}
    arrays = {name: layer.weight.detach().numpy().T for name, layer in layers.items()}
    arrays |= {f"{name}_bias": layer.bias.detach().numpy() for name, layer in layers.items()}
    arrays["bass"] = network.bass.weight.detach().numpy().T
    arrays["none"] = network.none.weight.detach().numpy().T
    arrays["none_bias"] = network.none.bias.detach().numpy()
    return arrays


def main() -> None:
    """Learn from the folders that the command line names, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--rate", type=float, default=6e-3)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)
    random = Random(arguments.seed)
    examples = load_examples(arguments.train, arguments.cache)
    examples += silent_kinds(random, len(examples) // 20)
    print(f"{len(examples)} examples", flush=True)
    network = HarmonyNetwork()
    if arguments.start:
        with np.load(arguments.start) as arrays:
            import_arrays(network, arrays)
    learn(network, examples, arguments.epochs, arguments.rate, random)
    np.savez(arguments.out, allow_pickle=False, **export_arrays(network))


if __name__ == "__main__":
    prepare_libraries(home_folder())
    main()
