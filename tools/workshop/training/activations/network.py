"""Train the activation network: `python -m musearoo.tools.workshop.training.activations.network --corpora DIR --samples
DIR --steps N --out weights.npz`.

The network here and `engines.analysis.fast.activation.network` are the same; a test of the weights compares them. Both
have residual convolutions in time with ReLU, and one dense head.
"""

from __future__ import annotations

import argparse
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.engines.analysis.fast.activation.spectrogram import BANDS, RANGE
from musearoo.tools.workshop.training.activations.mixing import Chance, Library
from musearoo.tools.workshop.training.activations.scenes import OUTPUTS, Scene, make_scenes, read_scene

CHANNELS: Final = 40
FRONT_FRAMES: Final = 5
KERNEL: Final = 5
DILATIONS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""The last layer sees 10 s to either side, because a bar's position in a phrase matters."""

BATCH: Final = 12
BUFFER: Final = 2500
FRESH_EVERY: Final = 2
"""Steps from one new scene to the next: creating one takes as long as a step."""
PEAK_RATE: Final = 3e-3
LOSS_WEIGHTS: Final = (1.5, 1.5, 0.5, 1.0, 1.0, 1.0, 0.6, 0.8)
"""One weight per output."""
POSITIVE_WEIGHTS: Final = (2.0, 2.0, 1.5, 1.5, 1.5, 1.5, 2.5, 2.0)
"""The weight of misses relative to false positives: most frames have no event."""
BLUR_FRAMES: Final = 1.5
"""An event marks the frames nearer than this, fully within half a frame, so that times between frames are
represented.
"""


class Ear(nn.Module):  # type: ignore[misc]
    """Bands (batch, bands, frames) to logits (batch, outputs, frames)."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("scale", torch.ones(BANDS))
        self.front = along_time(BANDS, CHANNELS, FRONT_FRAMES, 1)
        self.blocks = nn.ModuleList(along_time(CHANNELS, CHANNELS, KERNEL, one) for one in DILATIONS)
        self.hidden = along_time(CHANNELS, CHANNELS, 1, 1)
        self.heads = along_time(CHANNELS, len(OUTPUTS), 1, 1)
        self.to(memory_format=torch.channels_last)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Logits of a batch."""
        # Nothing is subtracted: beyond the ends is silence, here as at run time.
        state = (bands * self.scale[:, None])[:, :, None].contiguous(memory_format=torch.channels_last)
        state = functional.relu(self.front(state))
        for block in self.blocks:
            state = state + functional.relu(block(functional.dropout(state, 0.05, self.training)))
        return self.heads(functional.relu(self.hidden(state)))[:, :, 0]


def along_time(inputs: int, outputs: int, taps: int, dilation: int) -> nn.Conv2d:
    """Return a convolution in time, as a two-dimensional one, whose memory layout makes it four times as fast on a
    CPU.
    """
    return nn.Conv2d(inputs, outputs, (1, taps), dilation=(1, dilation), padding=(0, dilation * (taps // 2)))


def cut_batch(scenes: list[Scene], chance: Chance) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return a batch of equally long parts of scenes with random speed and augmentation: bands, targets, and a mask of
    known ones.
    """
    frames = int(chance.choice((180, 300, 450, 600, 800, 1000)))
    rows, targets, known = [], [], []
    for scene in scenes:
        speed = float(np.exp(chance.uniform(-0.2, 0.2))) if chance.random() < 0.6 else 1.0
        needed = min(int(frames * speed) + 2, scene.bands.shape[0])
        first = int(chance.integers(scene.bands.shape[0] - needed + 1))
        bands = scene.bands[first : first + needed].astype(np.float32)
        if speed != 1.0:
            places = np.minimum(np.arange(frames) * speed, needed - 1.001)
            whole = places.astype(int)
            part = (places - whole).astype(np.float32)[:, np.newaxis]
            bands = bands[whole] * (1.0 - part) + bands[np.minimum(whole + 1, needed - 1)] * part
        bands = np.vstack([bands[:frames], np.zeros((max(frames - bands.shape[0], 0), bands.shape[1]), np.float32)])
        rows.append(recolour(bands, chance).T)
        targets.append(np.stack([mark(times, first, speed, frames) for times in scene.events]))
        known.append([times is not None for times in scene.events])
    return (
        torch.from_numpy(np.ascontiguousarray(np.stack(rows))),
        torch.from_numpy(np.stack(targets)),
        torch.tensor(known, dtype=torch.float32)[:, :, None],
    )


def mark(times: np.ndarray | None, first: int, speed: float, frames: int) -> np.ndarray:
    """Return the target of one output, float32 (frames,): 1 at an event, falling to 0 over a frame and a half."""
    target = np.zeros(frames, dtype=np.float32)
    if times is None or not times.size:
        return target
    places = (times * 100.0 - first) / speed
    places = places[(places > -2.0) & (places < frames + 1.0)]
    for offset in (-1, 0, 1):
        nearest = np.rint(places).astype(int) + offset
        values = np.clip(BLUR_FRAMES - np.abs(nearest - places), 0.0, 1.0)
        inside = (nearest >= 0) & (nearest < frames)
        np.maximum.at(target, nearest[inside], values[inside].astype(np.float32))
    return target


def recolour(bands: np.ndarray, chance: Chance) -> np.ndarray:
    """Return bands with a random level, tilt and some bands removed."""
    logarithm = np.float32(np.log(RANGE))
    gain = np.full(bands.shape[1], chance.normal(0.0, 5.0))
    if chance.random() < 0.5:
        places = np.linspace(-1.0, 1.0, bands.shape[1])
        gain = gain + chance.normal(0.0, 5.0) * places + chance.normal(0.0, 4.0) * np.cos(np.pi * places)
    power = np.exp(bands * logarithm) - 1.0
    result = np.log1p(power * (10.0 ** (gain / 10.0)).astype(np.float32)) / logarithm
    if chance.random() < 0.3:
        width = int(chance.integers(3, 16))
        low = int(chance.integers(bands.shape[1] - width))
        result[:, low : low + width] = 0.0
    if chance.random() < 0.15:
        # As at low sample rates.
        result[:, int(chance.integers(bands.shape[1] // 2, bands.shape[1])) :] = 0.0
    return np.asarray(result, dtype=np.float32)


def export(ear: Ear, file: Path) -> None:
    """Write the weights in their run-time format: float16 (taps, inputs, outputs), the scale folded in."""
    arrays = {}
    layers = {"front": ear.front, "hidden": ear.hidden, "heads": ear.heads}
    layers |= {f"block{number}": block for number, block in enumerate(ear.blocks)}
    for name, layer in layers.items():
        weight = layer.weight.detach()[:, :, 0].contiguous().numpy()
        if name == "front":
            weight = weight * ear.scale.numpy()[np.newaxis, :, np.newaxis]
        arrays[f"{name}_weight"] = weight.transpose(2, 1, 0).astype(np.float16)
        arrays[f"{name}_bias"] = layer.bias.detach().numpy().astype(np.float16)
    arrays["dilations"] = np.array(DILATIONS, dtype=np.int16)
    np.savez_compressed(file, **arrays)


def train(
    fresh: Iterator[Scene],
    kept: list[Scene],
    steps: int,
    out: Path,
    seconds: float,
    start: Path | None = None,
    rate: float = PEAK_RATE,
) -> Ear:
    """Train for `steps` or `seconds`; new scenes are added to the buffer during training."""
    chance = np.random.default_rng(7)
    torch.manual_seed(7)
    torch.set_num_threads(1)
    buffer: deque[Scene] = deque(maxlen=BUFFER)
    buffer.extend(next(fresh) for _ in range(150))
    ear = Ear()
    spread = np.concatenate([scene.bands.astype(np.float32) for scene in buffer]).std(axis=0)
    ear.scale.copy_(torch.from_numpy(1.0 / np.maximum(spread, 0.05)))
    if start is not None:
        ear.load_state_dict(torch.load(start, weights_only=True))
    weights = torch.tensor(LOSS_WEIGHTS)[None, :, None]
    positive = torch.tensor(POSITIVE_WEIGHTS)[None, :, None]
    optimiser = torch.optim.AdamW(ear.parameters(), lr=rate, weight_decay=1e-4)
    began, mean = time.monotonic(), np.zeros(len(OUTPUTS))
    for step in range(steps):
        # By steps or by time, whichever ends first.
        share = max(step / steps, (time.monotonic() - began) / seconds)
        if share >= 1.0:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, step / 200) * (0.5 + 0.5 * np.cos(np.pi * share)) + 1e-5
        if step % FRESH_EVERY == 0:
            buffer.append(next(fresh))
        pool = [buffer[int(chance.integers(len(buffer)))] for _ in range(BATCH)]
        if kept:
            # A quarter only: there are few of them, and the network would memorise them.
            pool[: BATCH // 4] = [kept[int(chance.integers(len(kept)))] for _ in range(BATCH // 4)]
        bands, targets, known = cut_batch(pool, chance)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = ear(bands).float()
        losses = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none", pos_weight=positive)
        loss = (losses * weights * known).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(ear.parameters(), 1.0)
        optimiser.step()
        mean = 0.98 * mean + 0.02 * losses.detach().mean(dim=(0, 2)).numpy()
        if step % 100 == 99:
            rates = " ".join(f"{name} {value:.4f}" for name, value in zip(OUTPUTS, mean, strict=True))
            print(f"{step + 1} {time.monotonic() - began:.0f}s {rates}", flush=True)
        if step % 500 == 499:
            save(ear, out)
    save(ear, out)
    return ear


def save(ear: Ear, out: Path) -> None:
    """Write the run-time weights, and a checkpoint next to them."""
    export(ear, out)
    torch.save(ear.state_dict(), out.with_suffix(".pt"))


def main() -> None:
    """Parse the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument(
        "--samples",
        type=Path,
        nargs="+",
        required=True,
        help="files of musearoo.tools.workshop.training.activations.samples",
    )
    parser.add_argument("--sets", type=Path, nargs="*", default=[], help="folders of rendered excerpts")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="what an earlier run left beside its weights, to go on from")
    parser.add_argument("--rate", type=float, default=PEAK_RATE, help="the highest learning rate")
    arguments = parser.parse_args()
    kept = [
        read_scene(file)
        for folder in arguments.sets
        for file in sorted(folder.glob("**/*.flac"))
        if file.with_suffix(".json").exists()
    ]
    fresh = make_scenes(arguments.corpora, "train", Library(arguments.samples), seed=11)
    train(fresh, kept, arguments.steps, arguments.out, arguments.seconds, arguments.start, arguments.rate)


if __name__ == "__main__":
    prepare_libraries(home_folder())
    main()
