"""The backend in a thread keeps the contract."""

from collections.abc import Iterator

import pytest

from musearoo.bridge.jobs.contract import Deliver, JobBackend, call_here
from musearoo.bridge.jobs.local import LocalBackend
from tests.bridge.jobs.contract import JobBackendContract, MakeBackend
from tests.bridge.jobs.some_jobs import KINDS


class TestLocalBackend(JobBackendContract):
    @pytest.fixture
    def make_backend(self) -> Iterator[MakeBackend]:
        made: list[JobBackend] = []

        def make(deliver: Deliver = call_here) -> JobBackend:
            made.append(LocalBackend(KINDS, deliver))
            return made[-1]

        yield make
        for backend in made:
            backend.close()
