"""Demucs recipes, and the errors for folders without a model."""

from pathlib import Path

import pytest

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.demucs_recipe import Recipe, read_recipe, read_signatures

NAME = "htdemucs_ft"


def write(folder: Path, settings: str, *files: str) -> Path:
    (folder / f"{NAME}.yaml").write_text(settings, encoding="utf-8")
    for file in files:
        (folder / file).touch()
    return folder


def test_a_recipe_is_files_and_weights(tmp_path: Path) -> None:
    write(tmp_path, "models: [a, b-1]\nweights: [[1, 0], [0, 1.0]]", "a.safetensors", "b-1-01234567.th")
    files = (tmp_path / "a.safetensors", tmp_path / "b-1-01234567.th")
    assert read_recipe(tmp_path, NAME) == Recipe(files, ((1.0, 0.0), (0.0, 1.0)))
    # safetensors, which cannot execute code, takes precedence over the pickle.
    (tmp_path / "b-1.safetensors").touch()
    assert read_recipe(tmp_path, NAME).files[1].name == "b-1.safetensors"
    write(tmp_path, "models: [a]")
    assert read_recipe(tmp_path, NAME).weights is None


def test_signatures_need_no_files(tmp_path: Path) -> None:
    assert read_signatures(write(tmp_path, "models: [a, b]"), NAME) == ("a", "b")
    with pytest.raises(EngineError, match=r"lacks a\.safetensors: run `musearoo models fetch htdemucs_ft`\.$"):
        read_recipe(tmp_path, NAME)


def test_a_folder_without_the_model_is_reported(tmp_path: Path) -> None:
    with pytest.raises(
        EngineError, match=r"There is no model htdemucs_ft in .*: run `musearoo models fetch htdemucs_ft`"
    ):
        read_recipe(tmp_path, NAME)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("", "names no parts"),
        ("- a", "names no parts"),
        ("models: []", "names no parts"),
        ("models: a", "names no parts"),
        ("models: {a: b}", "names no parts"),
        ("models: [a, 1]", "names no parts"),
        ("models: [../a]", r"it names '\.\./a', which is no file of this folder"),
        ("models: [a/b]", "which is no file of this folder"),
        ("{", "cannot be read"),
        ("\0", "cannot be read"),
        ("models: [a]\nweights: [[1], [1]]", "does not say what each part gives"),
        ("models: [a]\nweights: [[one]]", "its weights are no numbers"),
        ("models: [a]\nweights: 3", "its weights are no numbers"),
    ],
)
def test_malformed_settings_are_reported_with_the_remedy(tmp_path: Path, settings: str, message: str) -> None:
    with pytest.raises(EngineError, match=rf"{NAME}\.yaml .*{message}.*: remove it, then run `musearoo models fetch"):
        read_recipe(write(tmp_path, settings, "a.safetensors"), NAME)
