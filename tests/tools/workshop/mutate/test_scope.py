"""What is mutated, which tests answer for it, and that a sample is drawn by its seed."""

from __future__ import annotations

from pathlib import PurePath

from musearoo.tools.workshop.mutate import scope
from musearoo.tools.workshop.mutate.mutants import find_mutants
from musearoo.tools.workshop.mutate.scope import core_modules, sample_mutants
from tests.architecture.imports import ROOT


def test_the_core_is_what_decides_and_no_model_and_no_shell() -> None:
    core = {path.as_posix() for path in core_modules()}
    assert {"engines/players/mix/eq_bands.py", "bridge/core/conductor.py", "bridge/midi/clock/line_fit.py"} <= core
    assert not [path for path in core if path.startswith(("engines/neural/", "bridge/commands/"))]
    assert not {"bridge/daemon.py", "bridge/midi/sender.py"} & core


def test_the_mirror_answers_for_a_module_and_its_folder_where_there_is_none() -> None:
    mirrored = scope.tests_of(PurePath("engines/music/timing.py"))
    examples = "tests/test_doctests.py::test_the_examples_are_true[engines.music]"
    assert mirrored[:2] == (examples, "tests/engines/music/test_timing.py")
    assert "tests/bridge/core/test_conductor.py" not in mirrored
    slots = scope.tests_of(PurePath("engines/players/mix/eq_bands.py"))
    assert {"tests/engines/players/mix/test_mix.py", "tests/engines/players/mix/test_snapshots.py"} <= set(slots)
    assert {"tests/engines/audio/synthesis/test_mixdown.py"} <= set(slots)
    conducted = scope.tests_of(PurePath("bridge/core/presses.py"))
    assert "tests/bridge/core/test_conductor.py" in conducted
    assert "tests/bridge/test_cli.py" not in conducted, "what starts processes costs too much"
    assert "tests/bridge/protocol/test_messages.py" in scope.tests_of(PurePath("bridge/protocol/table.py"))


def test_what_is_listed_as_changing_nothing_is_a_mutant_still() -> None:
    for file, before, after in scope.read_equivalent():
        mutants = find_mutants(scope.read_source(PurePath(file)))
        assert (before, after) in {(mutant.before, mutant.after) for mutant in mutants}, before


def test_every_module_has_tests() -> None:
    for path in core_modules():
        files = scope.tests_of(path)
        assert files, path
        assert all((ROOT / file.partition("::")[0]).is_file() for file in files), path


def test_a_seed_gives_the_same_sample_and_another_one_another() -> None:
    paths = core_modules()[::20]
    sample = sample_mutants(paths, 50, 1)
    assert sample == sample_mutants(paths, 50, 1) != sample_mutants(paths, 50, 2)
    assert set(sample_mutants(paths, 20, 1)) <= set(sample), "a longer run begins as a shorter one"
    places = [(path, mutant.start, mutant.operator) for path, mutant in sample]
    assert len(set(places)) == len(places)
