import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from musearoo.engines.neural.cards.catalogue import list_models
from musearoo.engines.neural.cards.description import Family
from musearoo.tools.workshop.development.environment import GROUPS
from musearoo.tools.workshop.development.failures import SetupError
from musearoo.tools.workshop.development.locks import (
    LOCKS,
    Lock,
    digest_inputs,
    find_disagreements,
    find_lock,
    format_lock,
    parse_pins,
    read_pins,
)
from musearoo.tools.workshop.development.processes import Outcome
from musearoo.tools.workshop.development.resolution import write_locks
from tests.architecture.imports import ROOT
from tests.each_case import each_case
from tests.tools.workshop.development.bench import PYPROJECT, RecordingProcesses, make_project, write_lock

HASH = "sha256:" + "0" * 64


def test_the_project_s_locks_agree_with_its_pyproject() -> None:
    assert find_disagreements(ROOT) == ()


@each_case("lock", LOCKS)
def test_a_lock_carries_versions_and_hashes_only(lock: Lock) -> None:
    text = (ROOT / lock.path).read_text(encoding="utf-8")
    assert not re.search(r"://|--(?!hash=sha256:)|@ ", text)


def test_every_requirement_of_the_core_is_pinned_within_its_bounds() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    core = next(lock for lock in LOCKS if lock.name == "core")
    pinned = {pin.package: pin.version for pin in read_pins(ROOT, core)}
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pinned[requirement.name]), requirement


@each_case("group, family", [("stems", "demucs"), ("models", "musicgen"), ("models", "demucs")])
def test_a_group_brings_what_its_models_run_on_and_no_peers(group: str, family: Family) -> None:
    pinned = {pin.package for step in GROUPS[group] for pin in read_pins(ROOT, find_lock(step.lock))}
    for card in list_models(family):
        assert set(card.packages) <= pinned
    # These are for those who measure, and are as large again.
    assert pinned.isdisjoint({"audiocraft", "spacy", "torchaudio", "xformers"})


@each_case("lock", LOCKS)
def test_what_is_written_is_read_back(lock: Lock) -> None:
    pins = read_pins(ROOT, lock)
    assert parse_pins(format_lock(lock, pins, "0")) == pins


@each_case("line", ["rich>=14", "rich", "-e .", "rich @ file:///rich.whl", "rich==14 --hash=md5:00"])
def test_a_line_that_pins_nothing_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a pinned package with hashes"):
        parse_pins(line)


def test_only_what_the_locks_are_made_from_counts() -> None:
    changed = PYPROJECT.replace("rich>=14", "rich>=15")
    assert digest_inputs(PYPROJECT + "[tool.ruff]\nline-length = 90\n") == digest_inputs(PYPROJECT)
    assert digest_inputs(changed) != digest_inputs(PYPROJECT)


def test_a_good_project_has_no_disagreements(tmp_path: Path) -> None:
    assert find_disagreements(make_project(tmp_path)) == ()


def test_each_disagreement_is_named(tmp_path: Path) -> None:
    make_project(tmp_path)
    write_lock(tmp_path, "midi", "2.0")
    (tmp_path / "tools/workshop/locks/dev.txt").unlink()
    (tmp_path / "tools/workshop/locks/old.txt").touch()
    torch = tmp_path / "tools/workshop/locks/torch.txt"
    torch.write_text(torch.read_text(encoding="utf-8") + f"numpy==1.0 \\\n    --hash={HASH}\n", encoding="utf-8")
    assert find_disagreements(tmp_path) == (
        "tools/workshop/locks/dev.txt is missing",
        "tools/workshop/locks/midi.txt: rich is 2.0, but 1.0 in tools/workshop/locks/build.txt",
        "tools/workshop/locks/torch.txt was edited by hand",
        "tools/workshop/locks/torch.txt: numpy has a hash",
        "tools/workshop/locks/torch.txt: numpy belongs to another lock",
        "tools/workshop/locks/old.txt is no lock that there is",
    )


def test_another_pyproject_means_other_locks(tmp_path: Path) -> None:
    make_project(tmp_path)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.replace("rich>=14", "rich>=15"), encoding="utf-8")
    assert f"{LOCKS[0].path.as_posix()} was made from another pyproject.toml" in find_disagreements(tmp_path)


def test_locking_splits_one_resolution(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    exported = "".join(
        f"{name}==1.0 \\\n    --hash={HASH}\n" for name in ("madmom", "nvidia-nccl", "torch", "torchaudio", "wheel")
    )
    own = {"--only-group build": "wheel", "--no-default-groups": "mido"}
    answers = {words: Outcome(0, f"{name}==1.0 \\\n    --hash={HASH}\n") for words, name in own.items()}
    extras = {
        f"--extra {name}": Outcome(0, exported)
        for name in ("midi", "sphinx", "voice", "analysis", "server", "simulator", "stems", "models")
    }
    processes = RecordingProcesses(answers={**extras, **answers, "uv --quiet export": Outcome(0, exported)})
    write_locks(tmp_path, processes)
    packages = {lock.name: [pin.package for pin in read_pins(tmp_path, lock)] for lock in LOCKS}
    assert packages == {
        "build": ["wheel"],
        "core": ["mido"],
        "dev": ["madmom"],
        "midi": ["madmom"],
        "analysis": ["madmom"],
        "server": ["madmom"],
        "simulator": ["madmom"],
        "voice": ["madmom"],
        "moonshine": ["madmom"],
        "madmom": ["madmom"],
        "torch": ["torch"],
        "torchaudio": ["torchaudio"],
        "stems": ["madmom"],
        "models": ["madmom"],
        "audiocraft": ["madmom"],
    }
    assert find_disagreements(tmp_path) == ()


def test_locking_without_a_network_says_so(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    processes = RecordingProcesses(answers={"pip install": Outcome(1, "Temporary failure in name resolution")})
    with pytest.raises(SetupError, match="the locks cannot be made: packages cannot be downloaded"):
        write_locks(tmp_path, processes)
