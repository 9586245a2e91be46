"""Which files make up a model: in audiocraft's format, transformers' format, split, and incomplete."""

from pathlib import Path

import pytest

from musearoo.engines.neural.cards.catalogue import find_model
from musearoo.engines.neural.cards.forms import Pack, PackForm, Selection, list_names
from musearoo.engines.neural.cards.stable_audio import STABLE_AUDIO
from tests.bridge.models.model_samples import musicgen_files, transformers_files, write_files

SMALL = find_model("musicgen-small").form

ONE = PackForm((Pack(("config.json", "model.safetensors"), either=("a.json", "b.json"), spare=("c.json",)),))


def test_audiocrafts_form_comes_before_transformers(tmp_path: Path) -> None:
    """A repository with both formats is three times as large as needed."""
    everything = {**musicgen_files(), **transformers_files()}
    assert SMALL.select(everything, tmp_path) == Selection(("state_dict.bin", "compression_state_dict.bin"))
    assert SMALL.select(transformers_files(), tmp_path) == Selection(
        (
            *("config.json", "model.safetensors", "tokenizer.json", "spiece.model"),
            *("tokenizer_config.json", "preprocessor_config.json"),
        )
    )


def test_weights_may_be_in_parts(tmp_path: Path) -> None:
    names = set(transformers_files(parts=3))
    files = SMALL.select(names, tmp_path).files
    assert [name for name in files if name.endswith(".safetensors")] == [
        f"model-{part:05}-of-00003.safetensors" for part in (1, 2, 3)
    ]
    assert "model.safetensors.index.json" in files
    for lost in ("model-00002-of-00003.safetensors", "model.safetensors.index.json"):
        assert SMALL.select(names - {lost}, tmp_path).lacks == "model.safetensors"
    # Two incomplete sets of parts do not make one.
    mixed = names | {"model-00004-of-00004.safetensors"}
    assert SMALL.select(mixed, tmp_path).lacks == "model.safetensors"


@pytest.mark.parametrize(
    ("names", "lacks"),
    [
        ((), "state_dict.bin"),
        (("README.md",), "state_dict.bin"),
        (("state_dict.bin",), "compression_state_dict.bin"),
        (("config.json", "model.safetensors", "preprocessor_config.json"), "tokenizer.json or spiece.model"),
    ],
)
def test_the_missing_file_belongs_to_the_most_complete_format(
    tmp_path: Path, names: tuple[str, ...], lacks: str
) -> None:
    assert SMALL.select(names, tmp_path).lacks == lacks


def test_one_of_several_alternatives_is_enough(tmp_path: Path) -> None:
    assert ONE.select(("config.json", "model.safetensors", "b.json"), tmp_path).files[-1] == "b.json"
    assert ONE.select(("config.json", "model.safetensors", "c.json"), tmp_path).lacks == "a.json or b.json"


def test_required_models_follow_from_the_files(tmp_path: Path) -> None:
    held = write_files(tmp_path / "held", musicgen_files())
    named = write_files(tmp_path / "named", musicgen_files(names_codec=True))
    whole = write_files(tmp_path / "whole", transformers_files())
    assert SMALL.list_needed(held) == ("t5-base",)
    assert SMALL.list_needed(named) == ("t5-base", "encodec_32khz")
    assert SMALL.list_needed(whole) == ()
    assert SMALL.list_needed(write_files(tmp_path / "nothing", {"README.md": b""})) == ()


@pytest.mark.parametrize(
    ("name", "kind", "fault"),
    [
        ("musicgen-small", "musicgen", ""),
        ("musicgen-melody", "musicgen_melody", ""),
        ("musicgen-small", "t5", "is of a model of another kind (t5)"),
        ("t5-base", "t5", ""),
        ("t5-base", "musicgen", "is of a model of another kind (musicgen)"),
        ("encodec_32khz", "encodec", ""),
    ],
)
def test_settings_identify_their_model(tmp_path: Path, name: str, kind: str, fault: str) -> None:
    folder = write_files(tmp_path, transformers_files(kind))
    form = find_model(name).form
    assert form.find_fault(folder / "config.json") == fault
    assert form.find_fault(folder / "tokenizer.json") == ""


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[1, 2"])
def test_settings_without_a_model_type_are_reported(tmp_path: Path, content: bytes) -> None:
    folder = write_files(tmp_path, {"config.json": content})
    assert SMALL.find_fault(folder / "config.json") == "does not say of which kind of model it is"


def test_files_may_lie_in_a_folder_of_the_model(tmp_path: Path) -> None:
    selected = STABLE_AUDIO.form.select(("model_config.json", "model.safetensors"), tmp_path)
    assert selected.lacks == "t5gemma-b-b-ul2/config.json"
    encoder = ("config.json", "model.safetensors", "tokenizer.json")
    files = {"model_config.json": b"", "model.safetensors": b"", **{f"t5gemma-b-b-ul2/{name}": b"" for name in encoder}}
    names = list_names(write_files(tmp_path, {**files, "deep/deeper/no.json": b"", ".git/config": b""}))
    assert names == set(files)
    assert STABLE_AUDIO.form.select(names, tmp_path) == Selection(tuple(files))
