"""A small load on a real server: all that is asked is answered, and what is acknowledged is stored."""

import pytest

from musearoo.engines.errors import EngineError
from tests.optional import require

require("fastapi", "sqlalchemy", "websockets")

from musearoo.tools.bench.load.stage import Stage, allow_files


def test_people_who_ask_are_answered_and_their_takes_are_in_the_store() -> None:
    with Stage(3, composers=1) as stage:
        connected = stage.connect(3)
        assert (connected.connections, connected.refused) == (3, {})
        opened = stage.run_rate(20.0, 0.5)
        closed = stage.run_closed(2, 0.3)
        for measured in (opened, closed):
            assert measured.ran.statuses == {200: measured.ran.sent}
            assert (measured.errors, measured.shed) == (0, 0)
            assert all(milliseconds > 0.5 for milliseconds in measured.ran.milliseconds)
            assert stage.count_stored(measured.ran.requests) == measured.ran.sent > 0
            assert len(set(measured.ran.requests)) == measured.ran.sent
        assert stage.count_stored(["unheard of"]) == 0


def test_more_files_than_the_system_allows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, 1_000))
    with pytest.raises(EngineError, match="need 5000 open files, and this system allows 1000"):
        allow_files(5_000)
