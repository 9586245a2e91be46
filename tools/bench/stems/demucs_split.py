"""Demucs in MuseAroo compared with stock Demucs: run time in the same run, and difference of the stems.

The peer is `demucs.api.Separator` with the same weights, on the same machine, with its default number of threads. Its
`shifts` is 0 unless a row says otherwise; the default is 1, which adds one segment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.audio.separation.contract import FloatArray, Report
from musearoo.engines.audio.separation.samples import Samples
from musearoo.engines.music.stems import SIX_STEMS
from musearoo.engines.neural.cards.demucs_recipe import read_recipe
from musearoo.engines.neural.demucs.loading import load_demucs
from musearoo.engines.neural.demucs.model import DemucsModel
from musearoo.engines.neural.demucs.separator import DemucsSeparator
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.stems.mixes import make_mix, mix_specs

PART: Final = "demucs"
NAME: Final = "htdemucs"

SHORT: Final = 0.9
"""The short clip as a share of a segment: 7.0 s of the published models' 7.8 s."""

FASTER_SHORT: Final = 1.8
FASTER_LONG: Final = 1.3
MOST_APART_DB: Final = 0.05
WRONG_DB: Final = -10.0
"""The assumed error level of a stem, relative to the stem, for measuring our additional error."""

TIMES: Final = 3
"""How often the short clip is separated each way, alternating; the median counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Stems (stems, channels, frames), the seconds until all were ready, and until the first were."""

    stems: FloatArray
    seconds: float
    first_seconds: float


def judge_demucs(models: Path, *, minutes: float, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows of the model `htdemucs` in a folder, on a clip of one segment and on one of `minutes`."""
    model, peer = load_demucs(models, NAME, "cpu"), load_peer(models, NAME)
    short = _make_clip(round(SHORT * model.segment))
    yield from _judge_short(model, peer, short, tell)
    tell("demucs, the long clip", 0, 1)
    yield from _judge_long(model, peer, _make_clip(round(60.0 * minutes * model.rate)), minutes)


def _judge_short(model: DemucsModel, peer: Any, clip: Samples, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    ways: dict[str, Callable[[], Run]] = {
        "ours": lambda: run_ours(DemucsSeparator(model), clip),
        "full": lambda: run_ours(DemucsSeparator(model, may_halve=False), clip),
        "stock": lambda: run_stock(peer, clip, shifts=0),
        "default": lambda: run_stock(peer, clip, shifts=1),
    }
    runs: dict[str, list[Run]] = {way: [] for way in ways}
    for number in range(TIMES):
        for way, perform in ways.items():
            tell("demucs, the short clip", number, TIMES)
            runs[way].append(perform())
    seconds = {way: float(np.median([run.seconds for run in found])) for way, found in runs.items()}
    whole = run_stock(peer, clip, shifts=0, split=False).stems
    name = f"a clip of {clip.frames / clip.rate:.1f} s"
    note = f"stock Demucs, at least {FASTER_SHORT:g} times as long"
    faster = seconds["stock"] >= FASTER_SHORT * seconds["ours"]
    yield Row(PART, name, "s", seconds["ours"], seconds["stock"], faster, note)
    yield Row(PART, f"{name}, stock with shifts=1", "s", seconds["ours"], seconds["default"], None, "its defaults")
    faster = seconds["stock"] >= FASTER_SHORT * seconds["full"]
    yield Row(PART, f"{name}, full precision alone", "s", seconds["full"], seconds["stock"], faster, note)
    yield _apart(name, runs["ours"][0].stems, whole)
    yield _apart(f"{name}, full precision alone", runs["full"][0].stems, whole)


def _judge_long(model: DemucsModel, peer: Any, clip: Samples, minutes: float) -> Iterator[Row]:
    ours = run_ours(DemucsSeparator(model), clip)
    stock = run_stock(peer, clip, shifts=0)
    name = f"{minutes:g} minutes"
    faster = stock.seconds >= FASTER_LONG * ours.seconds
    yield Row(
        PART, name, "s", ours.seconds, stock.seconds, faster, f"stock Demucs, at least {FASTER_LONG:g} times as long"
    )
    yield Row(PART, f"{name}, until the first stems", "s", ours.first_seconds, stock.first_seconds, None, "stock")
    yield _apart(name, ours.stems, stock.stems)


def _apart(name: str, ours: FloatArray, stock: FloatArray) -> Row:
    apart = measure_apart_db(ours, stock)
    note = f"SDR to stems of which stock Demucs is {-WRONG_DB:g} dB off, at most {MOST_APART_DB:g}"
    return Row(PART, f"{name}, apart from stock", "dB", apart, None, apart <= MOST_APART_DB, note)


def measure_apart_db(ours: FloatArray, stock: FloatArray) -> float:
    """Return the largest SDR difference in dB of our stems from the same stock stems.

    Both are compared with a reference that differs from stock by noise at WRONG_DB: for better or worse models the same
    difference counts more or less.
    """
    noise = np.random.default_rng(0).standard_normal(stock.shape)
    power, noise_power = np.square(stock, dtype=np.float64).mean((1, 2)), np.square(noise).mean((1, 2))
    truth = stock + noise * np.sqrt(power / noise_power * 10.0 ** (WRONG_DB / 10.0))[:, None, None]
    errors = (np.square(found - truth).mean((1, 2)) for found in (ours, stock))
    ours_wrong, stock_wrong = (10.0 * np.log10(error + np.finfo(np.float64).tiny) for error in errors)
    return float(np.abs(ours_wrong - stock_wrong).max())


def run_ours(separator: DemucsSeparator, clip: Samples, report: Report = lambda _done, _text: None) -> Run:
    """Separate a clip as MuseAroo does."""
    start = time.perf_counter()
    blocks: list[FloatArray] = []
    first = 0.0
    for block in separator.separate(clip, report):
        blocks.append(np.stack([block[stem] for stem in separator.stems]))
        first = first or time.perf_counter() - start
    return Run(np.concatenate(blocks, axis=2), time.perf_counter() - start, first)


def run_stock(peer: Any, clip: Samples, shifts: int, split: bool = True) -> Run:
    """Separate a clip as Demucs itself does; the stems in our order."""
    import torch

    peer.update_parameter(shifts=shifts, split=split)
    start = time.perf_counter()
    _, found = peer.separate_tensor(torch.from_numpy(clip.samples))
    seconds = time.perf_counter() - start
    order = [stem for stem in SIX_STEMS if stem in found]
    return Run(np.stack([found[stem].numpy() for stem in order]), seconds, seconds)


def load_peer(folder: Path, name: str) -> Any:
    """Return a `demucs.api.Separator` with the model of a folder; the library itself loads only from the hub, or
    pickles.
    """
    from demucs.api import Separator
    from demucs.apply import BagOfModels
    from demucs.hf import load_safetensors_model

    recipe = read_recipe(folder, name)
    bag = BagOfModels([load_safetensors_model(path) for path in recipe.files], recipe.weights).eval()

    class Peer(Separator):  # type: ignore[misc]
        def _load_model(self) -> None:
            self._model, self._samplerate, self._audio_channels = bag, bag.samplerate, bag.audio_channels

    return Peer(device="cpu")


def _make_clip(frames: int) -> Samples:
    """Return music that our own band plays, repeated."""
    mix = make_mix(mix_specs("dev", 1)[0], read_styles(None))
    once = np.sum(list(mix.stems.values()), axis=0, dtype=np.float32)
    return Samples(np.tile(once, -(-frames // once.shape[1]))[:, :frames].astype(np.float32), mix.rate)
