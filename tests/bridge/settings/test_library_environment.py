"""What libraries find in the environment: what the user set stands, but for what would report or ask a hub."""

import os
from pathlib import Path

import pytest

from musearoo.bridge.process.child_process import plain_start
from musearoo.bridge.settings.library_environment import (
    CACHES,
    OFFLINE,
    SILENT,
    SINGLE_THREADED,
    environment_for_libraries,
    private_cache,
)

ALL = {*SINGLE_THREADED, *SILENT, *OFFLINE, *CACHES}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nobody has set anything."""
    for name in ALL:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("bare")
def test_where_nothing_is_set_all_is(tmp_path: Path) -> None:
    found = environment_for_libraries(tmp_path)
    assert set(found) == ALL
    assert {found[name] for name in (*SILENT, *OFFLINE, *SINGLE_THREADED)} == {"1"}
    assert all(Path(found[name]).parent == tmp_path / "libraries" for name in CACHES)


@pytest.mark.usefixtures("bare")
def test_what_the_user_set_stands_but_for_what_leaves_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ALL:
        monkeypatch.setenv(name, "0")
    assert environment_for_libraries(tmp_path) == {**SILENT, **OFFLINE}
    assert environment_for_libraries(tmp_path, may_fetch=True) == SILENT


@pytest.mark.usefixtures("bare")
def test_a_child_finds_it_and_its_parent_is_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEAROO_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    before = dict(os.environ)
    with plain_start():
        assert {name: os.environ[name] for name in OFFLINE} == OFFLINE
        assert {name: os.environ[name] for name in SILENT} == SILENT
        assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "libraries" / "numba")
    assert dict(os.environ) == before


def test_a_cache_is_the_users_alone_and_lent_for_as_long_as_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "home" / "libraries" / "matplotlib"
    monkeypatch.setenv("MPLCONFIGDIR", str(folder))
    for given in (None, "/elsewhere"):
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        if given:
            monkeypatch.setenv("XDG_CACHE_HOME", given)
        with private_cache("MPLCONFIGDIR"):
            assert os.environ["XDG_CACHE_HOME"] == str(folder)
        assert os.environ.get("XDG_CACHE_HOME") == given
    assert {path.stat().st_mode & 0o077 for path in (folder, folder.parent, folder.parent.parent)} == {0}
