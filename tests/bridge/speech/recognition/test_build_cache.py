"""The build cache: builds are read again; broken, foreign or old files are not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from musearoo.bridge.cache.catalogue import RECOGNISER
from musearoo.bridge.speech.recognition import build_cache
from musearoo.bridge.speech.recognition.build_cache import CODE, digest_of, keep_build

FOLDER, MOST_KEPT = RECOGNISER.folder, round(RECOGNISER.bounds.most_entries)


@dataclass(frozen=True, slots=True)
class Thing:
    names: tuple[str, ...]
    chances: dict[tuple[str, ...], float]


THING = Thing(("funk", "techno"), {("a", "funk"): 0.25})
OTHER = Thing((), {})


class Builds:
    """Counts how often it is asked to build."""

    def __init__(self, thing: Thing = THING) -> None:
        self.count = 0
        self._thing = thing

    def __call__(self) -> Thing:
        self.count += 1
        return self._thing


def kept(home: Path) -> list[Path]:
    return sorted((home / FOLDER).iterdir())


def test_it_is_built_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    home, builds = tmp_path / "home", Builds()
    assert [keep_build(home, "one", Thing, builds) for _ in range(3)] == [THING] * 3
    assert builds.count == 1
    (file,) = kept(home)
    if sys.platform != "win32":
        assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent, home)] == [0o600, 0o700, 0o700]


def test_without_a_folder_it_is_built_each_time() -> None:
    builds = Builds()
    assert [keep_build(None, "one", Thing, builds) for _ in range(2)] == [THING] * 2
    assert builds.count == 2


def halve(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    return bytes([*content[:-3], content[-3] ^ 1, *content[-2:]])


def replace_all(_: bytes) -> bytes:
    return b"something else altogether, which is longer than a digest is"


def empty(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("spoil", [halve, flip, replace_all, empty])
def test_a_broken_file_is_rebuilt_and_replaced(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    builds = Builds()
    keep_build(tmp_path, "one", Thing, builds)
    (file,) = kept(tmp_path)
    file.write_bytes(spoil(file.read_bytes()))
    assert [keep_build(tmp_path, "one", Thing, builds) for _ in range(2)] == [THING] * 2
    assert builds.count == 2
    assert len(kept(tmp_path)) == 1


def test_a_valid_file_of_another_kind_is_rebuilt(tmp_path: Path) -> None:
    keep_build(tmp_path, "one", tuple, lambda: (1, 2))
    builds = Builds()
    assert [keep_build(tmp_path, "one", Thing, builds) for _ in range(2)] == [THING] * 2
    assert builds.count == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX pipes")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    os.mkfifo(tmp_path / FOLDER / "one.build")
    builds = Builds()
    assert [keep_build(tmp_path, "one", Thing, builds) for _ in range(2)] == [THING] * 2
    assert builds.count == 1


def test_a_folder_that_cannot_be_written_costs_the_keeping_alone(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where a folder should be")
    assert keep_build(tmp_path, "one", Thing, Builds()) == THING


def test_what_was_used_longest_ago_makes_way(tmp_path: Path) -> None:
    for number in range(MOST_KEPT):
        keep_build(tmp_path, f"{number}", Thing, Builds())
        os.utime(tmp_path / FOLDER / f"{number}.build", (number, number))
    # A draft of a process that was killed.
    draft = tmp_path / FOLDER / ".0123456789abcdef.draft"
    draft.write_bytes(b"half")
    os.utime(draft, (0.5, 0.5))
    keep_build(tmp_path, "0", Thing, Builds(OTHER))
    keep_build(tmp_path, "new", Thing, Builds())
    names = {path.name for path in kept(tmp_path)}
    assert names == {f"{name}.build" for name in ("0", "new", *range(2, MOST_KEPT))}


def test_each_part_and_each_line_of_the_code_makes_another_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = [digest_of(parts) for parts in ((b"ab", b"c"), (b"a", b"bc"), (b"abc",), ())]
    assert len(set(digests)) == 4
    assert digest_of((b"ab", b"c")) == digests[0]
    for name in CODE:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".py"):
            place.write_text("one = 1\n")
        else:
            place.mkdir()
            (place / "inner.py").write_text("one = 1\n")
    monkeypatch.setattr(build_cache, "_ROOT", tmp_path)
    before = digest_of(())
    for file in sorted(tmp_path.rglob("*.py")):
        file.write_text("one = 2\n")
        after = digest_of(())
        assert after != before, file
        before = after


def test_all_code_that_builds_is_in_the_digest() -> None:
    """What the builder imports is named, but for what reads and writes files."""
    bass = {"musearoo.engines.players.bass", "musearoo.engines.styles.bass_instruments"}
    harmless = {
        "musearoo.engines",
        "musearoo.engines.foundation",
        "musearoo.engines.errors",
        "musearoo.engines.regular_files",
        "musearoo.engines.styles.rows",
        *bass,
    }
    code = "import sys, musearoo.bridge.speech.recognition.builds; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ours = {module for module in modules if module.startswith(("musearoo.engines", "musearoo.bridge.speech"))}
    covered = {"musearoo." + name.removesuffix(".py").replace("/", ".") for name in CODE}
    missing = {module for module in ours if not any(f"{module}.".startswith(f"{one}.") for one in covered)}
    assert {"musearoo.bridge.speech.recognition.word_graph", "musearoo.engines.language.grammar.expected"} <= ours
    assert missing <= harmless, missing - harmless
