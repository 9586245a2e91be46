"""The daemon's imaginer: one answer for each wish, and nothing left of what was cancelled or failed."""

import asyncio
import errno
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from musearoo.bridge.imagining import plan as imagine_plan
from musearoo.bridge.imagining import takes as imagining
from musearoo.bridge.imagining.generator import AudioGenerator, generate_audio
from musearoo.bridge.imagining.plan import Imagined
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.jobs.cancellable import CANCELLED
from musearoo.bridge.jobs.contract import JobBackend, JobError, Priority
from musearoo.bridge.jobs.local import LocalBackend
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import EngineError
from tests.bridge.audio.some_sounds import read_sound
from tests.bridge.imagining.some_imaginers import MUSICGEN, DrumModel, SomeStore, put_in_place_of_musicgen
from tests.optional import require

require("soxr")

WITHIN = 30.0
"""Seconds in which a busy machine does anything here."""

STYLES = cache(read_styles)
"""Read once for all."""


class Gate:
    """Holds a model up before its second block until it is opened."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.has_begun = threading.Event()

    def __call__(self, number: int) -> None:
        if number:
            self.has_begun.set()
            assert self.is_open.wait(WITHIN)


@pytest.fixture
def gate() -> Iterator[Gate]:
    """What the model waits for; open from the start unless a test closes it."""
    made = Gate()
    made.is_open.set()
    yield made
    made.is_open.set()


@pytest.fixture(autouse=True)
def model(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> DrumModel:
    made = DrumModel(on_block=gate)
    put_in_place_of_musicgen(monkeypatch, made)
    monkeypatch.setattr(imagine_plan, "read_styles", lambda _folder: STYLES())
    return made


@pytest.fixture
def imagine_request(tmp_path: Path) -> ImagineRequest:
    return ImagineRequest(text="drums", folder=str(tmp_path / "loops"), bars=2, bpm=120.0, takes=2, seed=3)


class Asked:
    """One call of `imagine`: what it was told."""

    def __init__(self, imaginer: AudioGenerator, request: ImagineRequest) -> None:
        self.shown: list[float] = []
        self.answer: asyncio.Future[Imagined | str] = asyncio.get_running_loop().create_future()
        self.cancel = imaginer.generate(request, Priority.ASKED, self._show, self.answer.set_result)

    async def made(self) -> Imagined:
        answer = await self.said()
        assert isinstance(answer, Imagined), answer
        return answer

    async def said(self) -> Imagined | str:
        return await asyncio.wait_for(self.answer, WITHIN)

    def _show(self, fraction: float, _text: str) -> None:
        assert not self.answer.done()
        self.shown.append(fraction)


def in_a_loop(home: Path, test: Callable[[AudioGenerator], Awaitable[None]], *names: str) -> None:
    """Runs a test with an imaginer, whose worker is a thread, in an event loop."""

    async def run() -> None:
        @cache
        def worker() -> JobBackend:
            return LocalBackend(deliver=asyncio.get_running_loop().call_soon_threadsafe)

        imaginer = AudioGenerator(home, SomeStore(home / "models", *(names or (MUSICGEN,))), worker, None)
        try:
            await test(imaginer)
        finally:
            imaginer.close()
            worker().close()

    asyncio.run(run())


async def begun(gate: Gate) -> None:
    assert await asyncio.to_thread(gate.has_begun.wait, WITHIN)


def test_takes_are_made_and_lie_where_they_should_with_their_sidecars(
    tmp_path: Path, imagine_request: ImagineRequest
) -> None:
    async def test(imaginer: AudioGenerator) -> None:
        asked = Asked(imaginer, imagine_request)
        made = await asked.made()
        assert asked.shown == sorted(asked.shown)
        assert asked.shown
        assert (made.backend, made.model, made.label) == ("musicgen", MUSICGEN, "")
        assert "NC" in made.licence
        assert "120" in made.prompt
        assert [take.title for take in made.takes] == ["drums · take 1", "drums · take 2"]
        assert made.takes[0].seed == 3
        for take in made.takes:
            assert (take.bpm, take.bars, take.frames, take.seconds) == (120.0, 2, 176_400, 4.0)
            assert read_sound(take.path).shape == (2, 176_400)
        again = await Asked(imaginer, imagine_request).made()
        assert [take.path.name for take in again.takes] == ["drums · take 1 (2).wav", "drums · take 2 (2).wav"]
        assert [take.path.read_bytes() for take in again.takes] == [take.path.read_bytes() for take in made.takes]

    in_a_loop(tmp_path / "home", test)
    assert len(list((tmp_path / "loops").iterdir())) == 8


def test_one_after_the_other_is_done(tmp_path: Path, imagine_request: ImagineRequest) -> None:
    async def test(imaginer: AudioGenerator) -> None:
        asked = [
            Asked(imaginer, msgspec.structs.replace(imagine_request, takes=1, bars=1, title=str(n))) for n in range(5)
        ]
        made = [await each.made() for each in asked]
        assert [each.takes[0].title for each in made] == ["0", "1", "2", "3", "4"]

    in_a_loop(tmp_path / "home", test)


def test_a_cancelled_request_leaves_no_files_and_the_next_one_works(
    tmp_path: Path, imagine_request: ImagineRequest, gate: Gate
) -> None:
    async def test(imaginer: AudioGenerator) -> None:
        gate.is_open.clear()
        first, second = (
            Asked(imaginer, imagine_request),
            Asked(imaginer, msgspec.structs.replace(imagine_request, takes=1)),
        )
        await begun(gate)
        first.cancel()
        first.cancel()
        gate.is_open.set()
        assert await first.said() == CANCELLED
        assert len((await second.made()).takes) == 1
        third = Asked(imaginer, imagine_request)
        third.cancel()
        assert await third.said() == CANCELLED
        assert sorted(path.name for path in (tmp_path / "loops").iterdir()) == ["drums.musearoo.json", "drums.wav"]

    in_a_loop(tmp_path / "home", test)


def test_what_is_cancelled_while_it_is_moved_to_its_place_goes_again(
    tmp_path: Path, imagine_request: ImagineRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(imaginer: AudioGenerator) -> None:
        finish = imagine_plan.GenerationPlanner.finish

        def finish_late(*given: object) -> Imagined:
            made = finish(*given)  # type: ignore[arg-type]
            assert made.takes[0].path.is_file()
            asyncio.run_coroutine_threadsafe(cancel(), loop).result(WITHIN)
            return made

        async def cancel() -> None:
            asked.cancel()

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(imagine_plan.GenerationPlanner, "finish", finish_late)
        asked = Asked(imaginer, imagine_request)
        assert await asked.said() == CANCELLED

    in_a_loop(tmp_path / "home", test)
    assert not list((tmp_path / "loops").iterdir())


def test_closing_in_the_middle_leaves_nothing(tmp_path: Path, imagine_request: ImagineRequest, gate: Gate) -> None:
    async def test(imaginer: AudioGenerator) -> None:
        gate.is_open.clear()
        Asked(imaginer, imagine_request)
        await begun(gate)
        imaginer.close()
        gate.is_open.set()

    in_a_loop(tmp_path / "home", test)
    assert not (tmp_path / "loops").exists()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"takes": 0}, "takes must be 1 to 16"),
        ({"style": "no such"}, "style"),
        ({"folder": "/dev/null/loops"}, "The loops cannot be written to /dev/null/loops"),
        ({"model": "musicgen-large"}, "musicgen-large is not on this machine"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(
    change: dict[str, object], match: str, tmp_path: Path, imagine_request: ImagineRequest
) -> None:
    async def test(imaginer: AudioGenerator) -> None:
        answer = await Asked(imaginer, msgspec.structs.replace(imagine_request, **change)).said()
        assert isinstance(answer, str)
        assert match in answer
        assert answer.count("\n") == 0

    in_a_loop(tmp_path / "home", test)
    assert not (tmp_path / "loops").exists()


def test_a_disk_that_becomes_full_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, imagine_request: ImagineRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def test(imaginer: AudioGenerator) -> None:
        answer = await Asked(imaginer, imagine_request).said()
        assert str(answer).startswith(f"The disk of {tmp_path / 'loops'} is full, so the loops could not be written")

    monkeypatch.setattr(imagining, "require_space", fail)
    in_a_loop(tmp_path / "home", test)
    assert not (tmp_path / "loops").exists()


def test_a_job_without_memory_is_retried_smaller_and_then_fails(
    tmp_path: Path, imagine_request: ImagineRequest, model: DrumModel
) -> None:
    def run_out(_number: int) -> None:
        raise MemoryError

    async def test(imaginer: AudioGenerator) -> None:
        answer = await Asked(imaginer, imagine_request).said()
        assert "ran out of memory" in str(answer)

    model.on_block = run_out
    in_a_loop(tmp_path / "home", test)
    # Once as it was asked, and once with less.
    assert len(model.imagine_requests) == 2
    assert not (tmp_path / "loops").exists()


def test_a_bug_is_reported_as_one(
    tmp_path: Path, imagine_request: ImagineRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("oh")

    async def test(imaginer: AudioGenerator) -> None:
        assert "a fault of ours" in str(await Asked(imaginer, imagine_request).said())

    monkeypatch.setattr(imagine_plan, "choose_generator", fail)
    in_a_loop(tmp_path / "home", test)


def test_without_weights_a_sketch_is_offered_and_can_be_had(tmp_path: Path, imagine_request: ImagineRequest) -> None:
    async def test(imaginer: AudioGenerator) -> None:
        answer = await Asked(imaginer, imagine_request).said()
        assert str(answer).startswith("The model musicgen-small is not on this machine")
        assert "--backend sketch" in str(answer)
        made = await Asked(imaginer, msgspec.structs.replace(imagine_request, backend="sketch", takes=1)).made()
        assert (made.backend, made.model, made.label, made.licence) == ("sketch", "", "Sketch", "")
        assert made.takes[0].title == "drums (Sketch)"
        assert made.takes[0].frames == 176_400

    in_a_loop(tmp_path / "home", test, "nothing")


def test_in_this_process_too_and_what_the_report_raises_leaves_nothing(
    tmp_path: Path, imagine_request: ImagineRequest, model: DrumModel
) -> None:
    store = SomeStore(tmp_path / "models", MUSICGEN)
    # Progress is told ten times a second: what is done sooner is never told of.
    model.on_block = lambda _number: time.sleep(0.15)

    def interrupt(fraction: float, _text: str) -> None:
        if fraction > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_audio(imagine_request, store, tmp_path / "home", interrupt)
    assert not (tmp_path / "loops").exists()
    model.on_block = lambda _number: None
    made = generate_audio(imagine_request, store, tmp_path / "home", lambda _fraction, _text: None)
    assert len(made.takes) == 2
    with pytest.raises(EngineError, match="not on this machine"):
        generate_audio(imagine_request, ModelStore(tmp_path / "models"), tmp_path / "home", interrupt)


def test_a_model_that_fails_in_this_process_leaves_nothing(
    tmp_path: Path, imagine_request: ImagineRequest, model: DrumModel
) -> None:
    def fail(_number: int) -> None:
        raise EngineError("The file state_dict.bin is broken: run `musearoo models fetch musicgen-small`.")

    model.on_block = fail
    with pytest.raises(JobError, match=r"state_dict.bin is broken"):
        generate_audio(imagine_request, SomeStore(tmp_path, MUSICGEN), tmp_path / "home", lambda _fraction, _text: None)
    assert not (tmp_path / "loops").exists()
