from pathlib import Path

import pytest

from musearoo.tools.workshop.development.commands import Tasks, main, make_parser
from musearoo.tools.workshop.development.processes import MachineProcesses, Outcome
from tests.tools.workshop.development.bench import RecordingProcesses, make_project


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def processes() -> RecordingProcesses:
    return RecordingProcesses()


@pytest.fixture
def tasks(tmp_path: Path, processes: RecordingProcesses, said: list[str]) -> Tasks:
    return Tasks(make_project(tmp_path), processes, said.append)


def test_the_demo_needs_the_simulated_max_and_gets_what_follows(tasks: Tasks, processes: RecordingProcesses) -> None:
    processes.status = 3
    assert tasks.run(["demo", "--out", "somewhere", "--help"]) == 3
    assert processes.installed() == ["build", "core", "simulator", "voice", "moonshine", "project"]
    program, *words = processes.commands[-1]
    assert Path(program).stem == "musearoo"
    assert words == ["demo", "--out", "somewhere", "--help"]


def test_the_tests_get_what_follows(tasks: Tasks, processes: RecordingProcesses) -> None:
    (tasks.root / "tests" / "engines").mkdir(parents=True)
    assert tasks.run(["test", "-k", "drums", "tests/engines", "--", "-x"]) == 0
    assert {"dev", "midi", "voice", "moonshine", "analysis", "madmom", "torch", "stems"} <= set(processes.installed())
    assert processes.commands[-1][1:] == ("-m", "pytest", "-k", "drums", "tests/engines", "--", "-x")


def test_all_tests_run_side_by_side(tasks: Tasks, processes: RecordingProcesses) -> None:
    assert tasks.run(["test"]) == 0
    assert processes.commands[-1][1:4] == ("-m", "pytest", "-n")
    assert processes.commands[-1][-2:] == ("--dist", "loadfile")
    assert tasks.run(["test", "--needing", "models"]) == 0
    assert processes.commands[-1][3] == "-n"
    assert processes.commands[-1][-2:] == ("--needing", "models")
    assert tasks.run(["test", "-n", "1"]) == 0
    assert processes.commands[-1][3:] == ("-n", "1")


def test_the_soak_runs_what_the_tests_leave_out(tasks: Tasks, processes: RecordingProcesses) -> None:
    assert tasks.run(["soak", "-k", "fuzz"]) == 0
    assert {"dev", "simulator", "stems"} <= set(processes.installed())
    assert processes.commands[-1][-5:] == ("-m", "long", "--durations=10", "-k", "fuzz")


def test_set_up_installs_the_groups_asked_for(tasks: Tasks, processes: RecordingProcesses, said: list[str]) -> None:
    assert tasks.run(["setup", "--with", "midi, analysis"]) == 0
    assert processes.installed() == ["build", "core", "dev", "midi", "analysis", "madmom", "project"]
    assert said[-1].startswith("Ready.")


def test_a_fresh_set_up_starts_over(tasks: Tasks, processes: RecordingProcesses) -> None:
    tasks.run(["setup"])
    processes.commands.clear()
    tasks.run(["setup", "--fresh"])
    assert processes.installed() == ["build", "core", "dev", "project"]


def test_every_check_runs_though_one_fails(tasks: Tasks, processes: RecordingProcesses, said: list[str]) -> None:
    processes.answers["ruff check"] = Outcome(1, "bridge/protocol.py:1:1: F401 unused import")
    assert tasks.run(["check"]) == 1
    ran = [" ".join(command) for command in processes.commands]
    assert any("mypy" in command for command in ran)
    assert any("musearoo.tools.workshop.lint.docs" in command for command in ran)
    assert any("F401 unused import" in words for words in said)
    assert said[-1] == "Failed: lint"


def test_checks_that_pass_say_so(tasks: Tasks, said: list[str]) -> None:
    assert tasks.run(["check"]) == 0
    assert said[-1] == "All checks passed."


def test_checking_the_locks_needs_no_program(tasks: Tasks, processes: RecordingProcesses, said: list[str]) -> None:
    assert tasks.run(["lock", "--check"]) == 0
    (tasks.root / "tools/workshop/locks/core.txt").unlink()
    assert tasks.run(["lock", "--check"]) == 1
    assert said == ["tools/workshop/locks/core.txt is missing", "Mend them with: python3 tools/dev.py lock"]
    assert processes.commands == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "arguments are required: TASK"),
        (["dance"], "invalid choice: 'dance'"),
        (["check", "--fast"], "unrecognized arguments: --fast"),
        (
            ["setup", "--with", "drums"],
            "no group is called 'drums'; there are midi, voice, analysis, server, simulator, stems, models, audiocraft",
        ),
    ],
)
def test_wrong_usage_is_told(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        make_parser().parse_args(words)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_a_failure_is_one_sentence_and_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = Tasks(make_project(tmp_path), MachineProcesses())
    assert main(["setup", "--python", "/nowhere/python3.11"], tasks) == 1
    assert capsys.readouterr().err.startswith("tools/dev.py: /nowhere/python3.11 does not start")
