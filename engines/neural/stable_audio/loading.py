"""Load Stable Audio 3 Small-Music from a folder, with its publisher's package.

Source: Stability AI, github.com/Stability-AI/stable-audio-3 (MIT licence), version 0.1.0 of May 2026. A folder has the
files of the publisher's page on the hub: `model_config.json`, `model.safetensors`, and the text encoder in a folder of
its own. The package would download missing parts by itself; here it only gets local files.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.engines.errors import EngineError
from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.neural.cards.catalogue import explain_missing_packages, find_model
from musearoo.engines.neural.device_memory import ran_out_of_memory
from musearoo.engines.regular_files import read_bounded

if TYPE_CHECKING:
    from musearoo.engines.neural.stable_audio.model import StableAudio

NAME: Final = "stable-audio-3-small-music"
CONFIG: Final = "model_config.json"
WEIGHTS: Final = "model.safetensors"
CONDITIONERS: Final = ("t5gemma", "number", "int", "list")
"""Accepted conditioners. Others in the package unpickle untrusted files or download files."""
PATH_KEYS: Final = re.compile("ckpt|checkpoint|path|repo|url", re.IGNORECASE)
TEXT_ENCODER: Final = "t5gemma-b-b-ul2"
"""The text encoder's folder next to the weights, if the settings name none."""


def load_stable_audio(folder: Path, device: str = "") -> StableAudio:
    """Load the model of a folder, by default on the fastest device.

    Raises EngineError if the package, a file or the device is missing, or a file is malformed.
    """
    card = find_model(NAME)
    if lack := explain_missing_packages(card):
        raise EngineError(lack)
    from musearoo.engines.neural.devices import choose_device

    settings = _read_settings(folder)
    device = choose_device(device)
    # The package prints warnings about missing parts; standard output is reserved for results.
    with redirect_stdout(sys.stderr), warnings.catch_warnings():
        # It uses torch's older weight normalisation.
        warnings.filterwarnings("ignore", "`torch.nn.utils.weight_norm` is deprecated", FutureWarning)
        try:
            return _build(folder, settings, device)
        except ImportError as error:
            raise EngineError(f"Stable Audio 3 cannot be imported ({error}): run {card.setup}.") from error
        except (AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
            if isinstance(error, EngineError) or ran_out_of_memory(error):
                raise
            # The package's parts raise these for settings or a text encoder that they cannot use.
            raise _broken(folder, str(error).partition("\n")[0] or type(error).__name__) from error


def _build(folder: Path, settings: dict[str, Any], device: str) -> StableAudio:
    import torch
    from stable_audio_3 import StableAudioModel
    from stable_audio_3.factory import create_diffusion_cond_from_config

    from musearoo.engines.neural.stable_audio.model import StableAudio

    network = create_diffusion_cond_from_config(settings)
    _load_weights(network, folder)
    # Half precision on NVIDIA GPUs and full elsewhere, as the publisher runs it.
    half = device.startswith("cuda")
    network.to(device, torch.float16 if half else torch.float32).eval().requires_grad_(False)
    network.use_lora, network.lora_names = False, []
    return StableAudio(StableAudioModel(network, settings, device, half))


def _read_settings(folder: Path) -> dict[str, Any]:
    """Read the settings and set the text encoder's path to its folder."""
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).is_file():
            raise EngineError(f"There is no {name} in {folder}: fetch {NAME} again, all of its files.")
    try:
        settings = parse_json(read_bounded(folder / CONFIG), CONFIG, dict[str, Any])
        parts = settings["model"]["conditioning"]["configs"]
        unsupported = [str(part["type"]) for part in parts if part["type"] not in CONDITIONERS]
        encoders = [part["config"] for part in parts if part["type"] == "t5gemma"]
        rate, channels = settings["sample_rate"], settings["model"]["pretransform"]["config"]["io_channels"]
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise _broken(folder, f"{CONFIG} lacks {error}") from error
    if unsupported or len(encoders) != 1 or channels != 2 or not isinstance(rate, int):
        raise _broken(folder, f"{CONFIG} is of another kind of model")
    encoder = encoders[0]
    name = str(encoder.pop("subfolder", TEXT_ENCODER))
    for key in ("repo_id", "model_path"):
        encoder.pop(key, None)
    if lead := next(_find_path_keys(settings), ""):
        raise _broken(folder, f"{CONFIG} names another file as its {lead:.60}")
    path = folder / name
    if not re.fullmatch(r"[\w-]+", name) or not path.is_dir():
        raise EngineError(f"There is no folder {path.name:.60} in {folder}: fetch {NAME} again, all of its files.")
    encoder["model_path"] = str(path)
    return settings


def _find_path_keys(settings: object) -> Iterator[str]:
    """Yield the names of settings that refer to other files, which the package would unpickle or download."""
    if isinstance(settings, list):
        for part in settings:
            yield from _find_path_keys(part)
    elif isinstance(settings, dict):
        for key, value in settings.items():
            if isinstance(value, str) and PATH_KEYS.search(key):
                yield key
            yield from _find_path_keys(value)


def _load_weights(network: Any, folder: Path) -> None:
    """Load the weights into the network; the package itself leaves missing ones at random values."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from stable_audio_3.loading_utils import remap_state_dict_keys

    path = folder / WEIGHTS
    try:
        stored = load_file(str(path))
    except SafetensorError as error:
        raise _broken(folder, f"{WEIGHTS} cannot be read: {error}") from error
    wanted = network.state_dict()
    stored = remap_state_dict_keys(stored, wanted)
    trained = {name for name, value in network.named_parameters() if value.numel()}
    for name in wanted:
        if name not in stored and name in trained:
            raise _broken(folder, f"{WEIGHTS} lacks {name}")
        if name in stored and stored[name].shape != wanted[name].shape:
            shapes = f"{tuple(stored[name].shape)}, not {tuple(wanted[name].shape)}"
            raise _broken(folder, f"in {WEIGHTS} the shape of {name} is {shapes}")
    network.load_state_dict({name: stored[name] for name in wanted if name in stored}, strict=False)


def _broken(folder: Path, why: str) -> EngineError:
    return EngineError(f"{folder} is not a complete {NAME} ({why}): fetch it again.")
