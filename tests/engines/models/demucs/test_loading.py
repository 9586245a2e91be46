"""Models from folders, and what is said of folders that hold none."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from tests.optional import require

torch = require("torch", "demucs")

from demucs.hf import load_safetensors_model
from safetensors.torch import load_file, save_file

from engines.errors import EngineError, ParamError
from engines.models.demucs.loading import estimate_model_bytes, load_demucs
from engines.models.devices import choose_device, find_half_precision

MIX = np.random.default_rng(1).standard_normal((1, 2, 44_100)).astype(np.float32)


@pytest.fixture
def own(tiny: Path, tmp_path: Path) -> Path:
    """A folder with the model `htdemucs` that may be spoilt."""
    for path in tiny.glob("htdemucs[.-]*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def weights_of(folder: Path) -> Path:
    return next(folder.glob("htdemucs-*.safetensors"))


def save_pickle(folder: Path, digits: str = "") -> Path:
    """The model as it was first published, under a checksum that is right unless given."""
    module = load_safetensors_model(weights_of(folder))
    args, kwargs = module._init_args_kwargs
    path = folder / "old.th"
    torch.save({"klass": type(module), "args": args, "kwargs": kwargs, "state": module.state_dict()}, path)
    weights_of(folder).unlink()
    (folder / "htdemucs.yaml").write_text("models: ['abc']\n", encoding="utf-8")
    return path.rename(folder / f"abc-{digits or sha256(path.read_bytes()).hexdigest()[:8]}.th")


def test_a_model_has_its_sources_and_its_size(tiny: Path) -> None:
    model = load_demucs(tiny, "htdemucs_6s", "cpu")
    assert model.sources == ("drums", "bass", "other", "vocals", "guitar", "piano")
    assert (model.segment, model.rate, model.device.type) == (44_100, 44_100, "cpu")
    assert estimate_model_bytes(tiny, "htdemucs_ft") > estimate_model_bytes(tiny, "htdemucs") > 500_000


def test_a_pickle_is_opened_when_its_checksum_is_right(own: Path) -> None:
    expected = load_demucs(own, "htdemucs", "cpu").separate(MIX, torch.float32, lambda _done: None)
    save_pickle(own)
    found = load_demucs(own, "htdemucs", "cpu").separate(MIX, torch.float32, lambda _done: None)
    np.testing.assert_array_equal(found, expected)


def test_a_pickle_of_another_checksum_is_not_opened(own: Path) -> None:
    save_pickle(own, digits="01234567")
    with pytest.raises(EngineError, match=r"abc-01234567\.th is not what the model htdemucs needs \(Invalid checksum"):
        load_demucs(own, "htdemucs")


def test_half_a_file_is_told_with_the_cure(own: Path) -> None:
    path = weights_of(own)
    path.write_bytes(path.read_bytes()[:10_000])
    with pytest.raises(EngineError, match=r"random0\.safetensors is not what .* `musearoo models fetch htdemucs`"):
        load_demucs(own, "htdemucs")


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"klass": "os.system", "args": '["false"]', "kwargs": "{}"}, r"it is for os\.system, not for demucs"),
        ({}, "it is for something unnamed"),
        ({"klass": "demucs.htdemucs.HTDemucs", "args": "[", "kwargs": "{}"}, "Expecting value"),
        ({"klass": "demucs.htdemucs.HTDemucs", "args": '[["drums"]]', "kwargs": "{}"}, "Error"),
    ],
)
def test_weights_of_something_else_are_refused(own: Path, metadata: dict[str, str], said: str) -> None:
    path = weights_of(own)
    save_file(load_file(path), path, metadata)
    with pytest.raises(EngineError, match=said):
        load_demucs(own, "htdemucs")


def test_stems_that_nobody_knows_are_refused(own: Path) -> None:
    path = weights_of(own)
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        metadata = dict(file.metadata())
    metadata["args"] = json.dumps([["drums", "bass", "kazoo", "vocals"]])
    save_file(load_file(path), path, metadata)
    with pytest.raises(EngineError, match="it gives 'kazoo', which is no stem"):
        load_demucs(own, "htdemucs")


def test_weights_must_give_every_source(own: Path) -> None:
    (own / "htdemucs.yaml").write_text(
        f"models: ['{weights_of(own).stem}']\nweights: [[1, 1, 1, 0]]\n", encoding="utf-8"
    )
    with pytest.raises(EngineError, match="its weights are not for 4 sources"):
        load_demucs(own, "htdemucs")


def test_a_model_with_options_that_ours_lacks_runs_as_the_library_has_it(own: Path) -> None:
    from tools.stems_bench.random_demucs import FOUR, TINY

    path = weights_of(own)
    from demucs.htdemucs import HTDemucs

    size = {**TINY, "norm_starts": 1}
    module = HTDemucs(list(FOUR), **size).eval()
    kwargs = {**size, "segment": {"_type": "fraction", "numerator": 1, "denominator": 1}}
    metadata = {"klass": "demucs.htdemucs.HTDemucs", "args": json.dumps([list(FOUR)]), "kwargs": json.dumps(kwargs)}
    save_file(module.state_dict(), path, metadata)
    model = load_demucs(own, "htdemucs", "cpu")
    assert model.half is None
    with torch.inference_mode():
        expected = module(torch.from_numpy(MIX)).numpy()
    np.testing.assert_allclose(model.separate(MIX, torch.float32, lambda _done: None), expected, atol=1e-5)


def test_devices_are_chosen_by_what_is_there() -> None:
    assert choose_device("cpu") == "cpu"
    assert choose_device() in ("cuda", "mps", "cpu")
    with pytest.raises(ParamError, match="device must be one of cuda, mps, cpu, but was 'abacus'"):
        choose_device("abacus")
    assert find_half_precision("cuda:1") == torch.float16
    assert find_half_precision("mps") is None
