"""Opening models in both formats, and the errors for files that are missing, broken or of something else."""

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.optional import require

torch = require("torch", "transformers")

from safetensors.torch import load_file, save_file

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.musicgen.checkpoint import Checkpoint, open_checkpoint
from musearoo.engines.neural.musicgen.tensors import list_weight_files
from musearoo.tools.bench.musicgen.random_models import RandomMusicGen, write_random_musicgen

Write = Callable[..., RandomMusicGen]


def open_it(model: RandomMusicGen) -> Checkpoint:
    return open_checkpoint(model.folder, model.text_folder, model.codec_folder, model.folder.name)


def change_package(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    package = torch.load(path, weights_only=True)
    change(package)
    torch.save(package, path)


def test_both_formats_have_the_same_model(tiny: Write, kind: str) -> None:
    ours, theirs = (open_it(tiny(kind, form)) for form in ("audiocraft", "transformers"))
    assert ours.settings == theirs.settings
    assert ours.weights.keys() == theirs.weights.keys()
    for name, values in ours.weights.items():
        assert torch.equal(values.float(), theirs.weights[name]), name
    assert torch.equal(ours.words.weight, theirs.words.weight)
    assert (ours.chroma is None) == (theirs.chroma is None) == ("melody" not in kind)
    assert ours.text.config["d_model"] == theirs.text.config["d_model"] == ours.words.weight.shape[1]


def test_of_two_formats_in_a_folder_the_complete_one_is_read(tmp_path: Path) -> None:
    model = write_random_musicgen(tmp_path)
    write_random_musicgen(tmp_path, form="transformers")
    assert open_it(model).text.name == "t5-base"
    assert open_checkpoint(model.folder, None, None, "musicgen-small").text.name == "musicgen-small"


def test_a_codec_that_is_only_named_is_taken_from_its_own_folder(tiny: Write) -> None:
    model = tiny("text", "audiocraft", "named")
    assert open_it(model).codec.settings["model_type"] == "encodec"
    with pytest.raises(
        EngineError, match=r"codec facebook/encodec_32khz, .*: run `musearoo models fetch encodec_32khz`"
    ):
        open_checkpoint(model.folder, model.text_folder, None, "musicgen-small")


def test_a_named_codec_may_be_of_audiocrafts_form(tiny: Write, own: Write) -> None:
    model = own("text", "audiocraft", "named")
    held = tiny().folder / "compression_state_dict.bin"
    codec = model.codec_folder
    assert codec
    (codec / held.name).write_bytes(held.read_bytes())
    assert "seanet" in open_it(model).codec.settings


def test_weights_in_several_files(own: Write) -> None:
    model = own("text", "transformers")
    whole = open_it(model)
    path = model.folder / "model.safetensors"
    state = load_file(path)
    path.unlink()
    names = sorted(state)
    halves = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    for file, held in halves.items():
        save_file({name: state[name] for name in held}, model.folder / file)
    places = {name: file for file, held in halves.items() for name in held}
    (model.folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}), encoding="utf-8")
    assert len(list_weight_files(model.folder, "musicgen-small")) == 2
    assert all(torch.equal(values, whole.weights[name]) for name, values in open_it(model).weights.items())
    (model.folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(EngineError, match=r"lacks model-00002-of-00002\.safetensors: run `musearoo models fetch"):
        open_it(model)


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no model musicgen-small in .*: run `musearoo models fetch musicgen-small`"):
        open_checkpoint(tmp_path, None, None, "musicgen-small")


@pytest.mark.parametrize("file", ["state_dict.bin", "compression_state_dict.bin"])
@pytest.mark.parametrize("length", [0, 10, 20_000])
def test_a_truncated_file(own: Write, file: str, length: int) -> None:
    model = own()
    path = model.folder / file
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(
        EngineError, match=rf"{file} is not what the model musicgen-small needs .*: remove it, then run"
    ):
        open_it(model)


def test_a_compression_file_that_is_not_there(own: Write) -> None:
    model = own()
    (model.folder / "compression_state_dict.bin").unlink()
    with pytest.raises(EngineError, match=r"The model musicgen-small in .* lacks compression_state_dict\.bin"):
        open_it(model)


def test_a_malicious_pickle_is_not_executed(own: Write, tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "harm"),)

    model = own()
    path = model.folder / "state_dict.bin"
    for save in (lambda harm: torch.save(harm, path), lambda harm: path.write_bytes(pickle.dumps(harm))):
        save({"best_state": Harm(), "xp.cfg": ""})
        with pytest.raises(EngineError, match=r"state_dict\.bin is not what the model musicgen-small needs"):
            open_it(model)
        assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda package: package.pop("xp.cfg"), "has no settings"),
        (lambda package: package.pop("best_state"), "has no weights"),
        (lambda package: package.update(best_state={"a": 1}), "has no weights"),
        (
            lambda package: package["best_state"].pop("condition_provider.conditioners.description.output_proj.bias"),
            r"it lacks condition_provider\.conditioners\.description\.output_proj\.bias",
        ),
        (
            lambda package: package.update(
                {"xp.cfg": package["xp.cfg"].replace("lm_model: transformer_lm", "lm_model: transformer_lm_magnet")}
            ),
            "it is a model of MAGNeT",
        ),
    ],
)
def test_a_package_of_something_else(own: Write, change: Callable[[dict[str, Any]], None], message: str) -> None:
    model = own()
    change_package(model.folder / "state_dict.bin", change)
    with pytest.raises(EngineError, match=message):
        open_it(model)


def test_tensors_alone_are_no_package(own: Write) -> None:
    model = own()
    torch.save(torch.zeros(3), model.folder / "state_dict.bin")
    with pytest.raises(EngineError, match="it is no model"):
        open_it(model)


def test_a_text_encoder_that_is_not_there(own: Write) -> None:
    model = own()
    with pytest.raises(EngineError, match=r"t5-base, which is not here: run `musearoo models fetch t5-base`"):
        open_checkpoint(model.folder, None, None, "musicgen-small")
    assert model.text_folder
    (model.text_folder / "model.safetensors").unlink()
    with pytest.raises(
        EngineError, match=r"The model t5-base in .* lacks model\.safetensors: run `musearoo models fetch"
    ):
        open_it(model)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "llama"}, "for the kind of model 'llama'"),
        ({"decoder": None}, "not for MusicGen"),
    ],
)
def test_a_folder_of_transformers_for_something_else(own: Write, change: dict[str, Any], message: str) -> None:
    model = own("text", "transformers")
    path = model.folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(EngineError, match=message):
        open_it(model)


def test_unknown_tensors_of_transformers(own: Write) -> None:
    model = own("text", "transformers")
    path = model.folder / "model.safetensors"
    save_file(load_file(path) | {"decoder.extra.weight": torch.zeros(1)}, path)
    with pytest.raises(EngineError, match=r"it has the unknown tensor decoder\.extra\.weight"):
        open_it(model)
    state = load_file(path)
    del state["decoder.extra.weight"], state["decoder.model.decoder.layers.0.self_attn.k_proj.weight"]
    save_file(state, path)
    with pytest.raises(EngineError, match="it lacks k_proj of"):
        open_it(model)


def test_half_a_file_of_transformers(own: Write) -> None:
    model = own("text", "transformers")
    path = model.folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(EngineError, match=r"model\.safetensors is not what .* \(it is broken or not whole\)"):
        open_it(model)
    (model.folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(EngineError, match=r"config\.json is not what .* \(it is broken\)"):
        open_it(model)
