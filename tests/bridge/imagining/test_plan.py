"""What imagines a request: the models that are here, what is said where none is, tempo and prompt, names and places."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.imagining import plan as imagine_plan
from musearoo.bridge.imagining.choice import OFFER, Choice, choose_generator
from musearoo.bridge.imagining.job import ImagineJob, ImagineResult, MadeTake
from musearoo.bridge.imagining.plan import GenerationPlan, GenerationPlanner, name_files, name_takes
from musearoo.bridge.imagining.request import ImagineRequest, Source
from musearoo.bridge.imagining.sidecar import read_sidecar
from musearoo.bridge.jobs.contract import JobCancelled
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.cards.catalogue import list_models
from tests.bridge.audio.some_sounds import make_sound, write_sound
from tests.bridge.imagining.some_imaginers import MELODY, MUSICGEN, SomeStore, pretend_installed

TUNE = ((0.0, 60, 0.5), (0.5, 64, 0.5))


STYLES = cache(read_styles)
"""Read once for all."""


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(monkeypatch)
    monkeypatch.setattr(imagine_plan, "read_styles", lambda _folder: STYLES())


def ask(folder: Path, **values: Any) -> ImagineRequest:
    return msgspec.structs.replace(ImagineRequest(text="warm dub bass", folder=str(folder)), **values)


def ignore(_fraction: float, _text: str) -> None:
    pass


def prepare(request: ImagineRequest, home: Path, *names: str) -> GenerationPlan:
    """The plan of a request where these models are here; its draft is gone."""
    planner = GenerationPlanner(home, SomeStore(home / "models", *(names or (MUSICGEN,))), None)
    plan = planner.prepare(request, ignore)
    plan.draft.remove()
    return plan


def choose(request: ImagineRequest, home: Path, *names: str) -> Choice:
    return choose_generator(request, SomeStore(home, *names))


@pytest.mark.parametrize(
    ("here", "asked", "chosen"),
    [
        ([MUSICGEN], {}, MUSICGEN),
        ([MUSICGEN, MELODY], {}, MUSICGEN),
        (["musicgen-medium", "musicgen-large"], {}, "musicgen-medium"),
        ([MELODY], {}, MELODY),
        ([MUSICGEN, "musicgen-large"], {"model": "musicgen-large"}, "musicgen-large"),
        ([MUSICGEN, MELODY], {"notes": TUNE}, MELODY),
        ([MUSICGEN, MELODY], {"melody": Source("a.wav")}, MELODY),
        ([MUSICGEN, MELODY], {"before": Source("a.wav")}, MUSICGEN),
        ([MUSICGEN, "musicgen-melody-large"], {"notes": TUNE}, "musicgen-melody-large"),
        ([], {"backend": "sketch"}, ""),
        ([], {"backend": "ambient"}, ""),
    ],
)
def test_the_first_model_that_is_here_and_can_do_it_is_taken(
    here: list[str], asked: dict[str, Any], chosen: str, tmp_path: Path
) -> None:
    choice = choose(ask(tmp_path, **asked), tmp_path, *here)
    assert choice.model == chosen
    if chosen:
        assert choice.backend == "musicgen"
        assert (choice.label, "NC" in choice.licence) == ("", True)
        assert choice.weights == {chosen: tmp_path / chosen, "t5-base": tmp_path / "t5-base"}
        assert f"files of {chosen}" in choice.version
    else:
        backend = asked["backend"]
        assert (choice.backend, choice.label) == (backend, backend.capitalize())
        assert (choice.licence, choice.weights) == ("", {})


def test_a_tune_is_freed_from_drums_by_demucs_where_that_is_here(tmp_path: Path) -> None:
    choice = choose(ask(tmp_path, notes=TUNE), tmp_path, MELODY, "htdemucs")
    assert choice.weights["htdemucs"] == tmp_path / "htdemucs"
    assert "files of htdemucs" in choice.separator
    assert choice.separator not in choice.version


@pytest.mark.parametrize(
    ("here", "asked", "match"),
    [
        ([], {}, rf"musicgen-small is not on this machine: .*{OFFER}"),
        ([], {"model": "musicgen-large"}, rf"musicgen-large is not on this machine: .*{OFFER}"),
        ([MUSICGEN], {"model": "musicgen-large"}, "musicgen-large"),
        ([MUSICGEN], {"notes": TUNE}, r"musicgen-melody is not on this machine: .*musicgen-melody`?\.$"),
        ([], {"before": Source("a.wav")}, r"musicgen-small`?\.$"),
        ([MUSICGEN], {"backend": "stable-audio"}, "stable-audio"),
    ],
)
def test_missing_packages_are_reported_with_the_fallback(
    here: list[str], asked: dict[str, Any], match: str, tmp_path: Path
) -> None:
    with pytest.raises(EngineError, match=match) as failed:
        choose(ask(tmp_path, **asked), tmp_path, *here)
    assert len(str(failed.value).encode()) < 600
    assert "musearoo models fetch" in str(failed.value) or "tools/dev.py setup" in str(failed.value)


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"model": "htdemucs"}, "model must be one of musicgen-small"),
        ({"model": "nothing"}, "model must be one of"),
        ({"model": MUSICGEN, "notes": TUNE}, "model must be one that follows a tune .musicgen-melody"),
        ({"model": MUSICGEN, "backend": "stable-audio"}, "model must be one of stable-audio"),
        ({"backend": "stable-audio", "notes": TUNE}, "backend must be musicgen to follow a tune"),
        ({"backend": "sketch", "model": MUSICGEN}, "model must be empty for Sketch"),
        ({"backend": "ambient", "model": MUSICGEN}, "model must be empty for Ambient"),
    ],
)
def test_what_contradicts_itself_is_named(asked: dict[str, Any], match: str, tmp_path: Path) -> None:
    with pytest.raises(ParamError, match=match):
        choose(ask(tmp_path, **asked), tmp_path, *(card.name for card in list_models("musicgen")))


@pytest.mark.parametrize("asked", [{"notes": TUNE}, {"before": Source("a.wav")}])
def test_a_sketch_follows_nothing(asked: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="Sketch follows no tune and no clip: choose another model"):
        choose(ask(tmp_path, backend="sketch", **asked), tmp_path)


@pytest.mark.parametrize(
    ("asked", "bpm", "told"),
    [
        ({"bars": 4, "bpm": 97.0}, 97.0, "97"),
        ({"bars": 4, "text": "slow blues at 70 bpm"}, 70.0, "70"),
        ({"bars": 4, "text": "", "style": "funk"}, 104.0, "104"),
        ({"bars": 4, "text": "noise"}, 120.0, "120"),
        ({"seconds": 5.0, "text": "noise"}, None, "noise"),
    ],
)
def test_bars_have_a_tempo_which_the_prompt_names(
    asked: dict[str, Any], bpm: float | None, told: str, tmp_path: Path
) -> None:
    job = prepare(ask(tmp_path / "out", **asked), tmp_path).job
    assert job.request.bpm == bpm
    assert told in job.request.prompt
    assert ImagineJob.read_params(job.as_params()) == job


def test_a_prompt_that_is_given_as_it_is_read_stays_so(tmp_path: Path) -> None:
    job = prepare(ask(tmp_path / "out", prompt="exactly this", bars=1, bpm=100.0), tmp_path).job
    assert job.request.prompt == "exactly this"


@pytest.mark.parametrize(
    ("asked", "bars", "seconds"),
    [
        ({}, None, 10.0),
        ({"seconds": 7.0}, None, 7.0),
        ({"bpm": 120.0}, 8, None),
        ({"bpm": 120.0, "seconds": 8.0}, 4, None),
        ({"bpm": 120.0, "seconds": 7.0}, None, 7.0),
        ({"bpm": 120.0, "seconds": 0.5}, None, 0.5),
        ({"bpm": 120.0, "seconds": 4.5, "numerator": 3, "denominator": 4}, 3, None),
        ({"bpm": 120.0, "seconds": 6.0, "text": "a waltz for piano"}, 4, None),
        ({"text": "4 bars of dub at 100 bpm"}, 4, None),
        ({"text": "4 bars of dub", "bars": 2, "bpm": 100.0}, 2, None),
    ],
)
def test_its_length_is_the_requested_one_or_bars_with_a_tempo(
    asked: dict[str, Any], bars: int | None, seconds: float | None, tmp_path: Path
) -> None:
    request = prepare(ask(tmp_path / "out", **asked), tmp_path).job.request
    assert (request.bars, request.seconds) == (bars, seconds)
    assert (request.bpm is None) == (bars is None and "bpm" not in asked)


def test_the_time_signature_is_that_of_the_words_unless_it_is_given(tmp_path: Path) -> None:
    for asked, meter in (({}, "3/4"), ({"numerator": 6, "denominator": 8}, "6/8")):
        request = prepare(ask(tmp_path / "out", text="a waltz for piano", **asked), tmp_path).job.request
        assert str(request.meter) == meter


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"style": "no such style"}, "style"),
        ({"bars": 64, "bpm": 20.0}, "bars must be 0.5 to 120 seconds long"),
        ({"text": "春天的早晨呢喃"}, "English"),
        ({"takes": 99}, "takes must be"),
    ],
)
def test_what_cannot_be_imagined_leaves_nothing(asked: dict[str, Any], match: str, tmp_path: Path) -> None:
    with pytest.raises(ParamError, match=match):
        prepare(ask(tmp_path / "out", **asked), tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_sound_that_is_not_there_or_not_allowed_is_named(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="does not exist"):
        prepare(ask(tmp_path / "out", before=Source(str(tmp_path / "gone.wav"))), tmp_path)
    path = write_sound(tmp_path / "a.wav", make_sound(9000, 44_100), 44_100)
    planner = GenerationPlanner(tmp_path, SomeStore(tmp_path, MUSICGEN), (tmp_path / "allowed",))
    with pytest.raises(AudioFileError, match="outside the folders"):
        planner.prepare(ask(tmp_path / "out", before=Source(str(path))), ignore)
    assert not (tmp_path / "out").exists()


def test_it_can_be_given_up_before_it_has_begun(tmp_path: Path) -> None:
    def give_up(_fraction: float, _text: str) -> None:
        raise JobCancelled

    planner = GenerationPlanner(tmp_path, SomeStore(tmp_path, MUSICGEN), None)
    with pytest.raises(JobCancelled):
        planner.prepare(ask(tmp_path / "out"), give_up)
    assert not (tmp_path / "out").exists()


def test_takes_are_named_by_the_title_or_the_words_and_by_their_number(tmp_path: Path) -> None:
    assert name_takes(ask(tmp_path), "") == ("warm dub bass",)
    assert name_takes(ask(tmp_path, title="Intro", takes=2), "Sketch") == (
        *("Intro · take 1 (Sketch)", "Intro · take 2 (Sketch)"),
    )
    assert name_files(ask(tmp_path, title="a/b"), "", 2) == {
        "sound 0": "a b (2).wav",
        "sidecar 0": "a b (2).musearoo.json",
    }


def test_takes_keep_their_numbers_whatever_the_title(tmp_path: Path) -> None:
    request = ask(tmp_path, title="ü" * 500, takes=2)
    files = name_files(request, "Sketch", 12)
    assert len(set(files.values())) == 4
    assert all(len(name.encode()) < 200 for name in files.values())


def test_files_that_were_named_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.musearoo.json").write_text("mine")
    with pytest.raises(EngineError, match=r"mine.musearoo.json is there already"):
        prepare(ask(tmp_path, names=("mine",)), tmp_path)
    with pytest.raises(EngineError, match=r"mine.wav has come to be there meanwhile"):
        name_files(ask(tmp_path, names=("mine",)), "", 2)


def test_what_was_made_lies_under_free_names_with_a_sidecar_that_makes_it_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "warm dub bass · take 2.wav").write_bytes(b"mine")
    planner = GenerationPlanner(tmp_path, SomeStore(tmp_path, MUSICGEN), None)
    plan = planner.prepare(ask(out, takes=2, seed=7, bars=2, bpm=120.0), ignore)
    made = []
    for order in plan.job.takes:
        (plan.draft.folder / order.file).write_bytes(b"sound %d" % order.seed)
        made.append(MadeTake(order.file, order.seed, 44_100, 2, 176_400, (0.0, 0.5), 100.0, 200.0, None, ("a note",)))
    imagined = planner.finish(plan, ImagineResult(tuple(made), "cpu", "full"))
    names = [f"warm dub bass · take {number} (2)" for number in (1, 2)]
    assert [take.path.name for take in imagined.takes] == [f"{name}.wav" for name in names]
    assert [take.title for take in imagined.takes] == ["warm dub bass · take 1", "warm dub bass · take 2"]
    assert (imagined.takes[0].seed, imagined.takes[0].seconds) == (7, 4.0)
    assert imagined.takes[1].seed not in (7, 0)
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [*(f"{name}.wav" for name in names), *(f"{name}.musearoo.json" for name in names), "warm dub bass · take 2.wav"]
    )
    for take in imagined.takes:
        assert take.path.read_bytes() == b"sound %d" % take.seed
        sidecar = read_sidecar(take.sidecar)
        request = sidecar.request
        assert (request.seed, request.takes, request.backend, request.model) == (take.seed, 1, "musicgen", MUSICGEN)
        assert (request.text, request.prompt, request.bpm) == ("warm dub bass", plan.job.request.prompt, 120.0)
        assert "NC" in sidecar.licence
        assert sidecar.told == (*plan.notices, "a note")


def test_what_the_disk_refuses_at_the_end_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    planner = GenerationPlanner(tmp_path, SomeStore(tmp_path, MUSICGEN), None)
    plan = planner.prepare(ask(out), ignore)
    gone = MadeTake("1.wav", 0, 44_100, 1, 441_000, (), 1.0, 2.0, None, ())
    with pytest.raises(EngineError, match="The loops cannot be written to"):
        planner.finish(plan, ImagineResult((gone,), "cpu", "full"))
    assert not out.exists()
