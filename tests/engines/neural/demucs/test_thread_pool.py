"""Sharing work among threads."""

from collections.abc import Iterator
from threading import get_ident

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.demucs.thread_pool import ThreadPool
from tests.each_case import each_case


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@each_case("threads", [0, 1, 3])
def test_every_piece_is_done_once_and_reported(threads: int) -> None:
    done: list[int] = []
    reports: list[int] = []
    with ThreadPool(threads, lambda: reports.append(get_ident())) as pool:
        pool.share(done.append, range(20))
        assert pool.start(lambda: 5).result() == 5
    assert sorted(done) == list(range(20))
    assert reports == [get_ident()]


def test_a_pool_disables_torchs_threads_and_restores_them() -> None:
    torch.set_num_threads(2)
    seen: list[tuple[int, bool]] = []
    with ThreadPool(2) as pool:
        pool.share(lambda _piece: seen.append((torch.get_num_threads(), torch.is_inference_mode_enabled())), range(4))
    assert set(seen) == {(1, True)}
    assert torch.get_num_threads() == 2


@each_case("threads", [0, 2])
def test_a_failure_passes_after_all_pieces_have_ended(threads: int) -> None:
    done: list[int] = []

    def work(piece: int) -> None:
        if piece == 1:
            raise ValueError("no")
        done.append(piece)

    with pytest.raises(ValueError, match="no"), ThreadPool(threads) as pool:
        pool.share(work, range(6))
    assert set(done) <= {0, 2, 3, 4, 5}
