"""The TypeScript client: its types are in step, it is built strictly, and it works against a real server."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from musearoo.tools.workshop.generate.npm import NpmError, is_offline, run_npm, why_not
from musearoo.tools.workshop.generate.typescript import PACKAGE, SCHEMA, copy_client, write_schema

if TYPE_CHECKING:
    from tests.bridge.api.running import RunningServer

IN_CI: Final = os.environ.get("CI") == "true"
"""There, npm must work wherever Node.js is."""

pytestmark = pytest.mark.skipif(bool(why_not()) and not (IN_CI and shutil.which("node")), reason=why_not() or "-")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in a folder of its own, with what it needs to be built."""
    try:
        return copy_client(tmp_path_factory.mktemp("package"))
    except NpmError as error:
        if is_offline(error) and not IN_CI:
            pytest.skip("npm cannot reach its registry")
        raise


def test_its_types_are_in_step(copy: Path) -> None:
    assert write_schema(copy) == SCHEMA.read_text(encoding="utf-8")


def test_it_is_built_and_works_against_a_server(copy: Path, running: RunningServer) -> None:
    run_npm(copy, "run", "build")
    environment = {**os.environ, "MUSEAROO_URL": running.url, "MUSEAROO_TOKEN": running.token}
    shown = run_npm(copy, "test", environment=environment)
    count = (PACKAGE / "test" / "client.test.ts").read_text(encoding="utf-8").count("\ntest(")
    for line in (f"# pass {count}", "# fail 0", "# skipped 0"):
        assert line in shown, shown
