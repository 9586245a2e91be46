"""The TypeScript client: its types are in step, it is built strictly, and it works against a real server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from musearoo.tools.workshop.generate.typescript import (
    SCHEMA,
    NpmError,
    copy_package,
    is_offline,
    run_npm,
    why_not,
    write_schema,
)

if TYPE_CHECKING:
    from tests.bridge.api.running import RunningServer

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in a folder of its own, with what it needs to be built."""
    try:
        return copy_package(tmp_path_factory.mktemp("package"))
    except NpmError as error:
        if is_offline(error):
            pytest.skip("npm cannot reach its registry")
        raise


def test_its_types_are_in_step(copy: Path) -> None:
    assert write_schema(copy) == SCHEMA.read_text(encoding="utf-8")


def test_it_is_built_and_works_against_a_server(copy: Path, running: RunningServer) -> None:
    run_npm(copy, "run", "build")
    environment = {**os.environ, "MUSEAROO_URL": running.url, "MUSEAROO_TOKEN": running.token}
    shown = run_npm(copy, "test", environment=environment)
    assert "# pass 4" in shown
    assert "# fail 0" in shown
