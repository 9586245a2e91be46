"""The daemon's splitter: one answer for each wish, nothing done twice, and nothing left behind."""

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.cache.catalogue import DAY, bound_stems
from musearoo.bridge.jobs.cancellable import CANCELLED
from musearoo.bridge.jobs.contract import JobBackend, Priority
from musearoo.bridge.jobs.local import LocalBackend
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems.plan import SplitFiles, SplitRequest
from musearoo.bridge.stems.splitter import Splitter, split_now
from musearoo.engines.errors import ParamError
from musearoo.engines.music.stems import FOUR_STEMS
from tests.bridge.audio.some_sounds import make_sound, read_sound, write_sound
from tests.bridge.stems.some_separators import SHARES, ShareSeparator, put_in_place_of_dsp

WITHIN = 30.0
"""Seconds in which a busy machine does anything here."""


class Gate:
    """Holds a separator up at its first block until it is opened; counts the blocks."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.has_begun = threading.Event()
        self.blocks = 0

    def __call__(self, _number: int) -> None:
        self.blocks += 1
        self.has_begun.set()
        assert self.is_open.wait(WITHIN)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """What the separator waits for; open from the start unless a test closes it."""
    made = Gate()
    made.is_open.set()
    put_in_place_of_dsp(monkeypatch, ShareSeparator(on_block=made))
    yield made
    made.is_open.set()


@pytest.fixture
def split_request(tmp_path: Path) -> SplitRequest:
    path = write_sound(tmp_path / "loop.wav", make_sound(100_000, 44_100), 44_100)
    return SplitRequest(str(path), tmp_path / "stems", "Loop", backend="dsp")


class Asked:
    """One call of `split`: what it was told."""

    def __init__(self, splitter: Splitter, request: SplitRequest, priority: Priority = Priority.ASKED) -> None:
        self.shown: list[float] = []
        self.answer: asyncio.Future[SplitFiles | str] = asyncio.get_running_loop().create_future()
        self.cancel = splitter.split(request, priority, self._show, self.answer.set_result)

    async def files(self) -> SplitFiles:
        answer = await self.said()
        assert isinstance(answer, SplitFiles), answer
        return answer

    async def said(self) -> SplitFiles | str:
        return await asyncio.wait_for(self.answer, WITHIN)

    def _show(self, fraction: float, _text: str) -> None:
        assert not self.answer.done()
        self.shown.append(fraction)


def in_a_loop(
    home: Path, test: Callable[[Splitter], Awaitable[None]], allowed: tuple[Path, ...] | None = None, days: float = 0
) -> None:
    """Runs a test with a splitter, whose worker is a thread, in an event loop; nothing may be left of it."""

    async def run() -> None:
        @cache
        def worker() -> JobBackend:
            return LocalBackend(deliver=asyncio.get_running_loop().call_soon_threadsafe)

        splitter = Splitter(home, ModelStore(home / "models"), worker, allowed, bound_stems(days, 0))
        try:
            await test(splitter)
        finally:
            splitter.close()
            worker().close()

    asyncio.run(run())


async def begun(gate: Gate) -> None:
    assert await asyncio.to_thread(gate.has_begun.wait, WITHIN)


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(int(WITHIN / 0.01)):
        if is_so():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came to that")


def list_drafts(folder: Path) -> list[Path]:
    return list(folder.rglob(".musearoo-*"))


def test_a_file_is_split_and_the_same_request_answered_from_the_cache(
    tmp_path: Path, split_request: SplitRequest, gate: Gate
) -> None:
    async def test(splitter: Splitter) -> None:
        asked = Asked(splitter, split_request)
        made = await asked.files()
        assert list(made.files) == list(FOUR_STEMS)
        assert (made.backend, made.label, made.rate, made.channels, made.frames) == ("dsp", "DSP", 44_100, 2, 100_000)
        assert asked.shown == sorted(asked.shown)
        assert asked.shown
        sound = read_sound(Path(split_request.path))
        for stem, path in made.files.items():
            assert path == tmp_path / "stems" / f"Loop · {stem.capitalize()} (DSP).wav"
            assert np.allclose(read_sound(path), sound * SHARES[stem], atol=1e-7)
        blocks = gate.blocks
        again = await Asked(splitter, replace(split_request, title="Another name")).files()
        assert again == replace(made, from_cache=True)
        assert gate.blocks == blocks

    in_a_loop(tmp_path / "home", test)
    assert sorted(path.name for path in (tmp_path / "stems").iterdir()) == sorted(
        f"Loop · {stem.capitalize()} (DSP).wav" for stem in FOUR_STEMS
    )


def test_in_another_folder_the_stems_are_copied_not_linked(
    tmp_path: Path, split_request: SplitRequest, gate: Gate
) -> None:
    async def test(splitter: Splitter) -> None:
        made = await Asked(splitter, split_request).files()
        blocks = gate.blocks
        copy = await Asked(splitter, replace(split_request, folder=tmp_path / "other", title="B")).files()
        assert (copy.from_cache, gate.blocks) == (True, blocks)
        for stem, path in copy.files.items():
            assert path == tmp_path / "other" / f"B · {stem.capitalize()} (DSP).wav"
            assert path.read_bytes() == made.files[stem].read_bytes()
            assert path.stat().st_ino != made.files[stem].stat().st_ino
        assert not list_drafts(tmp_path)

    in_a_loop(tmp_path / "home", test)


@pytest.mark.usefixtures("gate")
def test_an_edited_stem_is_neither_given_again_nor_overwritten(tmp_path: Path, split_request: SplitRequest) -> None:
    async def test(splitter: Splitter) -> None:
        made = await Asked(splitter, split_request).files()
        made.files["bass"].write_bytes(b"edited")
        again = await Asked(splitter, split_request).files()
        assert not again.from_cache
        assert again.files["bass"].name == "Loop · Bass (DSP) 2.wav"
        assert made.files["bass"].read_bytes() == b"edited"

    in_a_loop(tmp_path / "home", test)


def test_two_requests_for_the_same_stems_are_one_job(tmp_path: Path, split_request: SplitRequest, gate: Gate) -> None:
    async def test(splitter: Splitter) -> None:
        gate.is_open.clear()
        first = Asked(splitter, split_request, Priority.BACKGROUND)
        await begun(gate)
        second = Asked(splitter, split_request, Priority.PRESS)
        third = Asked(splitter, replace(split_request, folder=tmp_path / "other"))
        await until(lambda: [len(work.followers) for work in splitter._under_way.values()] == [2])
        gate.is_open.set()
        made = await first.files()
        assert (await second.files()).files == made.files
        assert {path.parent for path in (await third.files()).files.values()} == {tmp_path / "other"}
        assert gate.blocks == -(-100_000 // 32_768)
        assert not list_drafts(tmp_path)

    in_a_loop(tmp_path / "home", test)


def test_a_cancelled_request_leaves_no_files_and_others_that_wait_get_stems(
    tmp_path: Path, split_request: SplitRequest, gate: Gate
) -> None:
    async def test(splitter: Splitter) -> None:
        gate.is_open.clear()
        first = Asked(splitter, split_request)
        await begun(gate)
        first.cancel()
        first.cancel()
        gate.is_open.set()
        assert await first.said() == CANCELLED
        assert not (tmp_path / "stems").exists()
        gate.has_begun.clear()
        gate.is_open.clear()
        first = Asked(splitter, split_request)
        await begun(gate)
        second, third = Asked(splitter, split_request), Asked(splitter, split_request)
        await until(lambda: [len(work.followers) for work in splitter._under_way.values()] == [2])
        third.cancel()
        assert await third.said() == CANCELLED
        first.cancel()
        gate.is_open.set()
        assert await first.said() == CANCELLED
        assert len((await second.files()).files) == 4
        assert not list_drafts(tmp_path)

    in_a_loop(tmp_path / "home", test)


@pytest.mark.usefixtures("gate")
@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"path": "/no such file.wav"}, "does not exist"),
        ({"start": 99.0}, "ends after"),
        ({"end": -1.0}, "end must be after the start"),
        ({"subtype": "MP3"}, "subtype must be one of FLOAT, PCM_24"),
        ({"stems": 6}, "stems must be 4"),
        ({"frames": -1}, "frames must be 0 to"),
        ({"folder": Path("/dev/null/stems")}, "cannot be written to"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(
    change: dict[str, object], match: str, tmp_path: Path, split_request: SplitRequest
) -> None:
    async def test(splitter: Splitter) -> None:
        answer = await Asked(splitter, replace(split_request, **change)).said()  # type: ignore[arg-type]
        assert isinstance(answer, str)
        assert match in answer
        assert answer.count("\n") == 0

    in_a_loop(tmp_path / "home", test)
    assert not (tmp_path / "stems").exists()


@pytest.mark.usefixtures("gate")
def test_files_outside_the_allowed_folders_are_not_split(tmp_path: Path, split_request: SplitRequest) -> None:
    async def test(splitter: Splitter) -> None:
        assert "outside the folders" in str(await Asked(splitter, split_request).said())

    in_a_loop(tmp_path / "home", test, allowed=(tmp_path / "home",))


def test_closing_in_the_middle_leaves_nothing(tmp_path: Path, split_request: SplitRequest, gate: Gate) -> None:
    async def test(splitter: Splitter) -> None:
        gate.is_open.clear()
        Asked(splitter, split_request)
        await begun(gate)
        splitter.close()
        gate.is_open.set()

    in_a_loop(tmp_path / "home", test)
    assert not list_drafts(tmp_path)


@pytest.mark.usefixtures("gate")
def test_in_this_process_too_and_what_the_report_raises_leaves_nothing(
    tmp_path: Path, split_request: SplitRequest
) -> None:
    store = ModelStore(tmp_path / "models")

    def interrupt(_fraction: float, _text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        split_now(split_request, store, tmp_path / "home", interrupt)
    assert not (tmp_path / "stems").exists()
    made = split_now(split_request, store, tmp_path / "home", lambda _fraction, _text: None)
    again = split_now(split_request, store, tmp_path / "home", lambda _fraction, _text: None)
    assert again == replace(made, from_cache=True)
    with pytest.raises(ParamError, match="subtype"):
        split_now(replace(split_request, subtype="MP3"), store, tmp_path / "home", interrupt)


@pytest.mark.usefixtures("gate")
def test_stems_of_sets_without_a_project_go_when_the_user_says_and_others_stay(
    tmp_path: Path, split_request: SplitRequest
) -> None:
    def age(folder: Path, days: float) -> None:
        for path in folder.glob("*.wav"):
            os.utime(path, (time.time() - days * DAY,) * 2)

    home = tmp_path / "home"
    here, others = home / "stems", tmp_path / "project"

    async def test(splitter: Splitter) -> None:
        for folder, title in ((here, "Old"), (others, "Old")):
            await Asked(splitter, replace(split_request, folder=folder, title=title)).files()
            age(folder, 40)
        other = replace(split_request, path=str(write_sound(tmp_path / "b.wav", make_sound(9_000, 44_100), 44_100)))
        await Asked(splitter, replace(other, folder=here, title="New")).files()

    in_a_loop(home, test)
    assert len(list(here.glob("*.wav"))) == 8, "nothing goes unless the user says so"
    in_a_loop(home, test, days=30)
    assert {path.name[:3] for path in here.glob("*.wav")} == {"New"}
    assert len(list(others.glob("Old*.wav"))) == 8


@pytest.mark.usefixtures("gate")
def test_stems_that_are_asked_for_again_are_in_use(tmp_path: Path, split_request: SplitRequest) -> None:
    home = tmp_path / "home"
    asked = replace(split_request, folder=home / "stems")

    async def test(splitter: Splitter) -> None:
        made = await Asked(splitter, asked).files()
        for path in made.files.values():
            os.utime(path, (time.time() - 40 * DAY, path.stat().st_mtime))
        assert (await Asked(splitter, asked).files()).from_cache
        assert min(path.stat().st_atime for path in made.files.values()) > time.time() - DAY
        assert (await Asked(splitter, asked).files()).from_cache

    in_a_loop(home, test, days=30)
