from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.tools.workshop.development.environment import GROUPS, digest_group, digest_project
from musearoo.tools.workshop.development.failures import SetupError
from musearoo.tools.workshop.development.processes import Outcome
from tests.tools.workshop.development.bench import (
    PYPROJECT,
    RecordingProcesses,
    make_environment,
    make_project,
    write_lock,
)

OFFLINE = Outcome(1, "NewConnectionError: Failed to establish a new connection\nERROR: No matching distribution found")


def test_the_first_run_installs_and_the_second_starts_nothing(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure(("dev",))
    assert processes.installed() == ["build", "core", "dev", "project"]
    processes.commands.clear()
    environment.ensure(("dev",))
    environment.ensure(())
    assert processes.commands == []


def test_packages_come_by_hash_and_bring_no_others(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    make_environment(make_project(tmp_path), processes).ensure(("midi", "analysis"))
    for command in processes.commands:
        if "-r" in command:
            assert {"--require-hashes", "--no-deps", "--no-build-isolation"} <= set(command)
    assert processes.installed() == ["build", "core", "midi", "analysis", "madmom", "project"]


def test_torch_comes_first_without_hashes_from_the_index_asked_for(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = replace(make_environment(make_project(tmp_path), processes), torch_index="file:///wheels")
    environment.ensure(("audiocraft",))
    assert processes.installed() == ["build", "core", "torch", "torchaudio", "audiocraft", "project"]
    torch = next(command for command in processes.commands if command[-1].endswith("torch.txt"))
    assert "--require-hashes" not in torch
    assert torch[torch.index("--index-url") + 1] == "file:///wheels"
    assert "-c" in torch


@pytest.mark.parametrize("group", ["stems", "models"])
def test_what_musicians_run_needs_no_torchaudio(tmp_path: Path, group: str) -> None:
    processes = RecordingProcesses()
    make_environment(make_project(tmp_path), processes).ensure((group,))
    assert processes.installed() == ["build", "core", "torch", group, "project"]
    assert not any("import torchaudio" in command for command in processes.commands)


def test_only_the_group_whose_pins_changed_is_installed_again(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure(("dev", "midi"))
    processes.commands.clear()
    write_lock(tmp_path, "midi", "1.1")
    environment.ensure(("dev", "midi"))
    assert processes.installed() == ["midi"]


def test_the_project_is_installed_again_when_its_commands_change(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure(())
    processes.commands.clear()
    (tmp_path / "pyproject.toml").write_text(PYPROJECT + "[tool.ruff]\nline-length = 90\n", encoding="utf-8")
    environment.ensure(())
    assert processes.installed() == []
    (tmp_path / "pyproject.toml").write_text(PYPROJECT + '[project.scripts]\na = "b:c"\n', encoding="utf-8")
    environment.ensure(())
    assert processes.installed() == ["project"]


def test_an_interrupted_group_is_mended_and_the_rest_kept(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure(())
    processes.answers["simulator.txt"] = OFFLINE
    with pytest.raises(
        SetupError, match=r"simulator\.txt cannot be installed: packages cannot be downloaded: check the net"
    ):
        environment.ensure(("simulator",))
    processes.answers.clear()
    processes.commands.clear()
    environment.ensure(())
    assert processes.commands == []
    environment.ensure(("simulator",))
    assert processes.installed() == ["simulator"]
    assert "--force-reinstall" in processes.commands[-1]
    stamp = environment.read_stamp()
    assert stamp is not None
    assert stamp.under_way == ()


def test_an_environment_that_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    processes = RecordingProcesses(answers={"-m venv": Outcome(1, "Error: [Errno 28] No space left on device")})
    environment = make_environment(make_project(tmp_path), processes)
    with pytest.raises(SetupError, match="the environment cannot be made: the disk is full: free some space"):
        environment.ensure(())
    half_made = environment.folder / "lib"
    half_made.mkdir()
    processes.answers.clear()
    environment.ensure(())
    assert not half_made.exists()
    assert environment.program("python").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure(())
    environment.program("python").unlink()
    processes.commands.clear()
    environment.ensure(())
    assert processes.installed() == ["build", "core", "project"]


def test_an_environment_that_was_moved_is_made_anew(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    make_environment(make_project(before), RecordingProcesses()).ensure(())
    before.rename(after)
    processes = RecordingProcesses()
    make_environment(after, processes).ensure(())
    assert processes.installed() == ["build", "core", "project"]


def test_another_python_makes_it_anew_and_the_same_keeps_it(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure((), "python3.11")
    processes.commands.clear()
    environment.ensure((), "python3.11")
    assert processes.installed() == []
    processes.version = "3.12"
    environment.ensure((), "python3.12")
    assert processes.installed() == ["build", "core", "project"]


def test_an_unreadable_stamp_means_a_new_environment(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure(())
    (environment.folder / "musearoo.json").write_text('{"python": "3.1', encoding="utf-8")
    processes.commands.clear()
    environment.ensure(())
    assert processes.installed() == ["build", "core", "project"]


def test_the_user_s_own_environment_is_left_alone(tmp_path: Path) -> None:
    make_project(tmp_path)
    theirs = tmp_path / ".venv" / "pyvenv.cfg"
    theirs.parent.mkdir()
    theirs.touch()
    with pytest.raises(SetupError, match=r"\.venv was not made by tools/dev\.py: move it away"):
        make_environment(tmp_path, RecordingProcesses()).ensure(())
    assert theirs.exists()


def test_a_python_of_another_version_is_refused(tmp_path: Path) -> None:
    environment = make_environment(make_project(tmp_path), RecordingProcesses(version="3.14"))
    with pytest.raises(SetupError, match=r"python3 is Python 3\.14: name a Python 3\.11 or 3\.12"):
        environment.ensure((), "python3")
    assert not environment.folder.exists()


def test_a_machine_without_a_compiler_gets_all_but_madmom(tmp_path: Path) -> None:
    said: list[str] = []
    processes = RecordingProcesses(answers={"madmom.txt": Outcome(1, "error: command 'gcc' failed: No such file")})
    environment = replace(make_environment(make_project(tmp_path), processes), say=said.append)
    environment.ensure(("analysis",))
    assert any("the fast analysis works without it" in words for words in said)
    stamp = environment.read_stamp()
    assert stamp is not None
    assert set(stamp.groups) == {"core", "analysis"}


def test_a_torchaudio_for_another_torch_keeps_its_python_part(tmp_path: Path) -> None:
    processes = RecordingProcesses()
    environment = make_environment(make_project(tmp_path), processes)
    environment.ensure(())
    packages = environment.folder / "lib" / "python3.11" / "site-packages" / "torchaudio"
    compiled, plain = packages / "lib" / "_torchaudio.abi3.so", packages / "lib" / "__init__.py"
    compiled.parent.mkdir(parents=True)
    compiled.touch()
    plain.touch()
    processes.answers["import torchaudio"] = Outcome(1, "OSError: Could not load this library")
    with pytest.raises(SetupError, match="torchaudio does not load"):
        environment.ensure(("audiocraft",))
    assert not compiled.exists()
    assert plain.exists()


def test_a_missing_lock_is_named(tmp_path: Path) -> None:
    make_project(tmp_path)
    (tmp_path / "tools/workshop/locks/core.txt").unlink()
    with pytest.raises(SetupError, match=r"tools/workshop/locks/core\.txt is missing"):
        make_environment(tmp_path, RecordingProcesses()).ensure(())


def test_digests_change_with_pins_and_not_with_comments(tmp_path: Path) -> None:
    make_project(tmp_path)
    before = {group: digest_group(tmp_path, group) for group in GROUPS}
    path = tmp_path / "tools/workshop/locks/core.txt"
    path.write_text("# another word\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert {group: digest_group(tmp_path, group) for group in GROUPS} == before
    write_lock(tmp_path, "core", "2.0")
    after = {group: digest_group(tmp_path, group) for group in GROUPS}
    assert [group for group in GROUPS if after[group] != before[group]] == ["core"]
    assert len(digest_project(tmp_path)) == 64
