"""Loading models from folders, and the errors for folders without one."""

import io
import json
import os
import pickle
import shutil
import zipfile
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.optional import require

torch = require("torch", "demucs")

from demucs.hf import load_safetensors_model
from safetensors.torch import load_file, save_file

from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.cards.catalogue import find_model
from musearoo.engines.neural.cards.demucs import DemucsForm, Network
from musearoo.engines.neural.demucs.loading import estimate_model_bytes, load_demucs
from musearoo.engines.neural.devices import choose_device, find_half_precision
from musearoo.tools.bench.stems.random_demucs import FOUR, TINY

MIX = np.random.default_rng(1).standard_normal((1, 2, 44_100)).astype(np.float32)


@pytest.fixture
def own(tiny: Path, tmp_path: Path) -> Path:
    """Return a folder with the model `htdemucs` that may be modified."""
    for path in tiny.glob("htdemucs[.-]*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def weights_of(folder: Path) -> Path:
    return next(folder.glob("htdemucs-*.safetensors"))


def make_package(folder: Path) -> dict[str, Any]:
    """Return the content of a file as first published."""
    module = load_safetensors_model(weights_of(folder))
    args, kwargs = module._init_args_kwargs
    state = {key: values.half() for key, values in module.state_dict().items()}
    trained = {"epochs": 3, "segment": Fraction(11), "sources": list(FOUR)}
    results = {"nsdr": np.float64(8.5), "sdr": {"drums": np.float32(9)}}
    return {
        "klass": type(module),
        "args": args,
        "kwargs": {**kwargs, "gone_since": True},
        "state": state,
        "training_args": trained,
        "metrics": results,
    }


def save_pickle(folder: Path, package: object, monkeypatch: pytest.MonkeyPatch, known: bool = True) -> Path:
    """Write a .th file whose name contains its checksum; `known`: the catalogue lists it too."""
    path = folder / "old.th"
    torch.save(package, path)
    return publish(folder, path.read_bytes(), monkeypatch, known)


def publish(folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch, known: bool = True) -> Path:
    for path in (*folder.glob("htdemucs-*.safetensors"), *folder.glob("*.th")):
        path.unlink()
    (folder / "htdemucs.yaml").write_text("models: ['abc']\n", encoding="utf-8")
    digest = sha256(content).hexdigest()
    if known:
        form = DemucsForm("htdemucs", (Network("abc", digest, ""),), "models: ['abc']\n")
        card = replace(find_model("htdemucs"), form=form)
        monkeypatch.setattr("musearoo.engines.neural.demucs.stored.find_model", lambda *_: card)
    path = folder / f"abc-{digest[:8]}.th"
    path.write_bytes(content)
    return path


class Malice:
    """Creates a file when unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self.proof),)


def test_a_model_has_its_sources_and_its_size(tiny: Path) -> None:
    model = load_demucs(tiny, "htdemucs_6s", "cpu")
    assert model.sources == ("drums", "bass", "other", "vocals", "guitar", "piano")
    assert (model.segment, model.rate, model.device.type) == (44_100, 44_100, "cpu")
    assert estimate_model_bytes(tiny, "htdemucs_ft") > estimate_model_bytes(tiny, "htdemucs") > 500_000


def test_a_published_pickle_is_read(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_demucs(own, "htdemucs", "cpu").separate(MIX, torch.float32, lambda _done: None)
    save_pickle(own, make_package(own), monkeypatch)
    found = load_demucs(own, "htdemucs", "cpu").separate(MIX, torch.float32, lambda _done: None)
    np.testing.assert_array_equal(found, expected)


def test_a_pickle_is_checked_against_the_catalogue_not_its_name(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_pickle(own, make_package(own), monkeypatch, known=False)
    with pytest.raises(EngineError, match=rf"{path.name} is not what .* \(it is not the file that was published"):
        load_demucs(own, "htdemucs")


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("where", ["whole", "state", "args", "kwargs", "metrics", "plain pickle"])
def test_a_pickle_executes_nothing_whatever_its_checksum(
    own: Path, monkeypatch: pytest.MonkeyPatch, where: str, known: bool
) -> None:
    package, malice = make_package(own), Malice(own / "proof")
    if where == "plain pickle":
        publish(own, pickle.dumps(malice), monkeypatch, known)
    else:
        save_pickle(own, malice if where == "whole" else {**package, where: malice}, monkeypatch, known)
    with pytest.raises(EngineError, match="is not what the model htdemucs needs"):
        load_demucs(own, "htdemucs")
    assert not malice.proof.exists()


def too_deep(depth: int = 50) -> object:
    """Return a nested structure that expands to 2 ** `depth` values."""
    value: object = [1]
    for _ in range(depth):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"klass": Fraction}, "it is for something else"),
        ({"args": 3}, "it does not say how it is made"),
        ({"state": {"a": [1]}}, "it has no weights"),
        ({"kwargs": {"channels": 10**9}}, r"it is made with the number 1e\+09"),
        ({"kwargs": {"t_layers": 10**4}}, "its t_layers is 10000, where 64 are possible"),
        ({"kwargs": {"channels": 512}}, "is of another size than it says"),
        ({"args": (too_deep(),)}, "its arguments are too many"),
        ({"args": ({"_type": "fraction", "numerator": "9e99999999"},)}, "what is no fraction"),
        ({"kwargs": {"segment": np.float64(7)}}, "are not plain data"),
        ({"state": {}}, "it lacks "),
    ],
)
def test_a_pickle_of_something_else_is_refused(
    own: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], message: str
) -> None:
    save_pickle(own, {**make_package(own), **change}, monkeypatch)
    with pytest.raises(EngineError, match=message):
        load_demucs(own, "htdemucs")


def test_a_pickled_fraction_is_made_of_few_digits(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return Fraction, ("1e999999999",)

    save_pickle(own, {**make_package(own), "training_args": Endless()}, monkeypatch)
    with pytest.raises(EngineError, match="what is no fraction"):
        load_demucs(own, "htdemucs")


def test_a_compressed_archive_is_refused(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_pickle(own, make_package(own), monkeypatch)
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    publish(own, packed.getvalue(), monkeypatch)
    with pytest.raises(EngineError, match="an archive that torch did not write"):
        load_demucs(own, "htdemucs")


def test_a_truncated_file_is_reported_with_the_remedy(own: Path) -> None:
    path = weights_of(own)
    path.write_bytes(path.read_bytes()[:10_000])
    with pytest.raises(EngineError, match=r"random0\.safetensors is not what .* `musearoo models fetch htdemucs`"):
        load_demucs(own, "htdemucs")


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"klass": "os.system", "args": '["false"]', "kwargs": "{}"}, r"it is for os\.system, not for demucs"),
        ({}, "it is for something unnamed"),
        ({"klass": "demucs.htdemucs.HTDemucs", "args": "[", "kwargs": "{}"}, "how it is made: this is not JSON"),
        ({"klass": "demucs.htdemucs.HTDemucs", "args": "[" * 99_999, "kwargs": "{}"}, "nested too deep"),
        (
            {"klass": "demucs.htdemucs.HTDemucs", "args": "[]", "kwargs": "{}", "structure": '{"_class": "this.s"}'},
            "packed in a way of their own",
        ),
        (
            {"klass": "demucs.htdemucs.HTDemucs", "args": '[["drums"]]', "kwargs": "{}"},
            "is of another size than it says",
        ),
    ],
)
def test_weights_of_something_else_are_refused(own: Path, metadata: dict[str, str], message: str) -> None:
    path = weights_of(own)
    save_file(load_file(path), path, metadata)
    with pytest.raises(EngineError, match=message):
        load_demucs(own, "htdemucs")


def test_unknown_stems_are_refused(own: Path) -> None:
    path = weights_of(own)
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        metadata = dict(file.metadata())
    metadata["args"] = json.dumps([["drums", "bass", "kazoo", "vocals"]])
    save_file(load_file(path), path, metadata)
    with pytest.raises(EngineError, match="it has the unknown stem 'kazoo'"):
        load_demucs(own, "htdemucs")


def test_weights_must_give_every_source(own: Path) -> None:
    (own / "htdemucs.yaml").write_text(
        f"models: ['{weights_of(own).stem}']\nweights: [[1, 1, 1, 0]]\n", encoding="utf-8"
    )
    with pytest.raises(EngineError, match="its weights are not for 4 sources"):
        load_demucs(own, "htdemucs")


def test_a_model_with_unsupported_options_runs_on_the_library(own: Path) -> None:
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
