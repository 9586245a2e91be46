"""What `musearoo doctor` says of models: each thing that may lack, with the command that mends it."""

import json
from importlib import metadata, util
from pathlib import Path
from typing import Any

import pytest

import musearoo.bridge.commands.doctor.command as doctor
import musearoo.engines.neural.cards.catalogue as catalogue
from musearoo.bridge.cli import main
from tests.bridge.commands.command_line import Output, home
from tests.bridge.models.model_samples import CARD, musicgen_files, transformers_files, write_files, write_model

__all__ = ["home"]

PRESENT = {*CARD.packages}


@pytest.fixture(autouse=True)
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The packages that Python finds, whatever this machine has, and no hub's cache."""
    found = set(PRESENT)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(catalogue, "find_spec", lambda name: name if name in found else None)
    monkeypatch.setattr(metadata, "version", lambda _name: "9.9")
    monkeypatch.setattr(util, "find_spec", lambda name: name if name in found else None)
    monkeypatch.setattr(doctor, "import_module", _import_torch)
    return found


def _import_torch(name: str) -> Any:
    raise OSError(f"libcudart.so is missing for {name}")


def finding(capsys: Output, what: str) -> tuple[str, str, str]:
    """How something is, what was found, and what mends it."""
    main(["doctor", "--json"])
    found = next(each for each in json.loads(capsys.readouterr().out) if each["what"] == what)
    return found["verdict"], found["found"], found["mend"]


def test_missing_packages_are_noted_with_their_command(capsys: Output, packages: set[str]) -> None:
    packages.clear()
    verdict, found, mend = finding(capsys, "Stems")
    assert (verdict, found) == ("note", "split by the DSP separator, which needs no model")
    assert mend.endswith("(torch, demucs, safetensors, soxr): run `python3 tools/dev.py setup --with stems`.")
    assert finding(capsys, "Models and GPU")[0] == "note"


def test_missing_weights_are_noted_with_their_command(capsys: Output) -> None:
    verdict, _, mend = finding(capsys, "Stems")
    assert verdict == "note"
    assert mend.endswith("The model htdemucs is not on this machine: run `musearoo models fetch htdemucs`.")


def test_what_is_there_is_named_with_its_licence(capsys: Output, home: Path) -> None:
    write_model(home / "models" / "htdemucs")
    write_model(home / "models" / "htdemucs_6s", "htdemucs_6s")
    verdict, found, mend = finding(capsys, "Stems")
    assert (verdict, found) == ("good", "demucs 9.9 with htdemucs, htdemucs_6s")
    assert CARD.licence in mend


def test_broken_weights_are_bad(capsys: Output, home: Path) -> None:
    folder = write_model(home / "models" / "htdemucs")
    (folder / "tiny0.safetensors").write_bytes(b"")
    verdict, found, mend = finding(capsys, "Stems")
    assert (verdict, found) == ("bad", "broken files of models: 1")
    assert mend.endswith("is broken: it is not as long as it says: run `musearoo models fetch htdemucs`.")


def test_a_torch_that_does_not_load_is_bad(capsys: Output) -> None:
    verdict, found, mend = finding(capsys, "Models and GPU")
    assert (verdict, found) == ("bad", "torch does not load: libcudart.so is missing for torch")
    assert mend == "Run: python3 tools/dev.py setup --with stems --fresh"


WORDS = "Sound from words"


def test_without_a_model_words_are_sketched(capsys: Output, packages: set[str]) -> None:
    verdict, found, mend = finding(capsys, WORDS)
    assert (verdict, found) == ("note", "sketched by the Roo engines, which need no model")
    assert mend.endswith("(transformers): run `python3 tools/dev.py setup --with models`.")
    packages.add("transformers")
    assert finding(capsys, WORDS)[2].endswith("run `musearoo models fetch musicgen-small`.")


def test_a_model_that_can_run_is_named_with_its_licence(capsys: Output, packages: set[str], home: Path) -> None:
    packages.add("transformers")
    write_files(home / "models" / "musicgen-melody", musicgen_files())
    verdict, _, mend = finding(capsys, WORDS)
    assert verdict == "note"
    assert "musicgen-melody lacks what it runs on (t5-base)" in mend
    write_files(home / "models" / "t5-base", transformers_files("t5"))
    assert finding(capsys, WORDS) == ("good", "musicgen-melody", "Licence: CC-BY-NC 4.0: not for commercial use.")
    assert finding(capsys, "Stems")[0] == "note"


@pytest.mark.parametrize("spoilt", ["musicgen-melody/state_dict.bin", "t5-base/model.safetensors"])
def test_what_is_cut_short_is_bad(capsys: Output, packages: set[str], home: Path, spoilt: str) -> None:
    packages.add("transformers")
    write_files(home / "models" / "musicgen-melody", musicgen_files())
    write_files(home / "models" / "t5-base", transformers_files("t5"))
    path = home / "models" / spoilt
    path.write_bytes(path.read_bytes()[:-1])
    verdict, found, mend = finding(capsys, WORDS)
    assert (verdict, found) == ("bad", "broken files of models: 1")
    assert mend.startswith(str(path))


def test_a_style_that_is_left_out_is_found(capsys: Output, home: Path) -> None:
    (home / "styles").mkdir(parents=True)
    broken = home / "styles" / "mine.yaml"
    broken.write_text("name: mine\ntempo: fast\n", encoding="utf-8")
    verdict, found, mend = finding(capsys, "Styles")
    assert (verdict, "mine" in found.split(", ")) == ("note", False)
    assert mend.startswith(f"A style is left out: {broken}: tempo: expected")
    assert mend.endswith("Mend or delete the file.")
    broken.unlink()
    assert finding(capsys, "Styles")[0] == "good"
