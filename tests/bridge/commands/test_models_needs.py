"""`musearoo models` with a model that runs on others: all come together, and none goes while it is needed."""

import io
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import musearoo.bridge.commands.models as models
import musearoo.engines.neural.cards.catalogue as catalogue
from musearoo.bridge.cli import main
from musearoo.bridge.models.fetching import Fetched, Origin, ShowFetch, fetch_model
from musearoo.bridge.models.files import read_manifest
from musearoo.bridge.models.store import ModelStore
from musearoo.engines.neural.cards.description import ModelCard
from musearoo.engines.neural.cards.forms import PackForm
from tests.bridge.commands.command_line import Output, failure_of, home, report_of
from tests.bridge.models.hub_server import HubServer, may_fetch, serve_hub
from tests.bridge.models.model_samples import musicgen_files, transformers_files, write_files
from tests.optional import require

__all__ = ["home"]

NAME = "musicgen-small"

STEREO = "musicgen-stereo-small"


class Terminal(io.StringIO):
    """Someone who types, at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue without the checksums of published files, which the samples are not, and no hub's cache."""

    def forget(card: ModelCard) -> ModelCard:
        return replace(card, form=replace(card.form, digits={})) if isinstance(card.form, PackForm) else card

    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    cards = tuple(map(forget, catalogue.MODELS))
    for module in (
        "musearoo.engines.neural.cards.catalogue",
        "musearoo.bridge.models.store",
        "musearoo.bridge.commands.models",
    ):
        monkeypatch.setattr(f"{module}.MODELS", cards)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Another machine's folder of models."""
    folder = tmp_path / "mirror"
    write_files(folder / NAME, musicgen_files())
    write_files(folder / STEREO, musicgen_files(names_codec=True))
    write_files(folder / "t5-base", transformers_files("t5"))
    write_files(folder / "encodec_32khz", transformers_files("encodec"))
    return folder


def fetch(mirror: Path, name: str, *options: str) -> int:
    return main(["models", "fetch", name, "--mirror", str(mirror), "--accept-licence", *options])


def row_of(capsys: Output, name: str) -> Mapping[str, object]:
    rows: list[Mapping[str, object]] = report_of(capsys, "models", "list")
    return next(row for row in rows if row["name"] == name)


def test_what_a_model_runs_on_comes_with_it(capsys: Output, mirror: Path, home: Path) -> None:
    report = report_of(capsys, "models", "fetch", STEREO, "--mirror", str(mirror), "--accept-licence")
    own = home / "models"
    assert (report["folder"], report["fetched"]) == (str(own / STEREO), True)
    assert report["runs_on"] == {name: str(own / name) for name in ("t5-base", "encodec_32khz")}
    assert fetch(mirror, NAME) == 0
    said = capsys.readouterr().out
    assert f"{NAME} is here: {own / NAME}" in said
    assert f"t5-base is here already, as it came: {own / 't5-base'}" in said
    assert "encodec" not in said
    assert (row_of(capsys, NAME)["where"], row_of(capsys, NAME)["runs_on"]) == ("own", ["t5-base"])
    assert report_of(capsys, "models", "verify") == [
        {"name": name, "problems": []} for name in (NAME, STEREO, "t5-base", "encodec_32khz")
    ]


def test_all_licences_are_shown_and_kept(
    capsys: Output, mirror: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = failure_of(capsys, "models", "fetch", STEREO, "--mirror", str(mirror))
    assert "CC-BY-NC 4.0: not for commercial use; t5-base: Apache-2.0; encodec_32khz: CC-BY-NC 4.0" in said
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert main(["models", "fetch", STEREO, "--mirror", str(mirror)]) == 0
    shown = capsys.readouterr().out.replace("\n", " ")
    for words in ("monetary compensation", "www.apache.org/licenses/LICENSE-2.0", "EnCodec was published by Meta"):
        assert words in shown
    licences = {}
    for name in (STEREO, "t5-base", "encodec_32khz"):
        manifest = read_manifest(home / "models" / name)
        assert manifest
        licences[name] = manifest.licence.partition(":")[0]
    assert licences == {STEREO: "CC-BY-NC 4.0", "t5-base": "Apache-2.0", "encodec_32khz": "CC-BY-NC 4.0"}


def test_a_codec_that_nobody_spoke_of_is_asked_for(
    capsys: Output, mirror: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small model whose file names the codec, though the published one holds it."""
    write_files(mirror / NAME, musicgen_files(names_codec=True))
    monkeypatch.setattr(sys, "stdin", Terminal("y\nn\n"))
    assert main(["models", "fetch", NAME, "--mirror", str(mirror)]) == 1
    said = capsys.readouterr()
    assert "EnCodec was published by Meta" in said.out
    assert said.err == "musearoo: Nothing was fetched.\n"
    assert not (home / "models" / "encodec_32khz").exists()


def test_a_fetch_that_ended_between_two_models_goes_on(capsys: Output, mirror: Path) -> None:
    encoder = mirror / "t5-base"
    encoder.rename(mirror / "away")
    said = failure_of(capsys, "models", "fetch", NAME, "--mirror", str(mirror), "--accept-licence")
    assert said.endswith("mirror has no folder t5-base, in it or beside it, and musicgen-small runs on that.\n")
    assert row_of(capsys, NAME)["where"] == "in part"
    (mirror / "away").rename(encoder)
    (mirror / NAME).rename(mirror / "gone")
    assert fetch(mirror, NAME) == 0
    said = capsys.readouterr().out
    assert f"{NAME} is here already, as it came" in said
    assert "t5-base is here: " in said
    assert row_of(capsys, NAME)["where"] == "own"


def test_a_fetch_that_was_broken_off_says_what_to_run(
    capsys: Output, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(card: ModelCard, origin: Origin, store: ModelStore, accepted: str, show: ShowFetch) -> Fetched:
        if card.name == "t5-base":
            raise KeyboardInterrupt
        return fetch_model(card, origin, store, accepted, show)

    monkeypatch.setattr(models, "fetch_model", interrupt)
    assert fetch(mirror, NAME) == 1
    assert f"Broken off; `musearoo models fetch {NAME}` goes on from here." in capsys.readouterr().err


def test_what_is_needed_stays(capsys: Output, mirror: Path, home: Path) -> None:
    fetch(mirror, NAME)
    fetch(mirror, STEREO)
    capsys.readouterr()
    said = failure_of(capsys, "models", "remove", "t5-base", "--yes")
    assert said == f"musearoo: t5-base is what {NAME}, {STEREO} run on: remove these first.\n"
    said = failure_of(capsys, "models", "remove", "encodec_32khz", "--yes")
    assert said == f"musearoo: encodec_32khz is what {STEREO} runs on: remove that first.\n"
    report = report_of(capsys, "models", "remove", STEREO, "--yes")
    assert (report["removed"], report["also_removed"]) == (True, ["encodec_32khz"])
    assert sorted(path.name for path in (home / "models").iterdir() if path.is_dir()) == [NAME, "t5-base"]


def test_what_nothing_else_runs_on_goes_too(
    capsys: Output, mirror: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(mirror, NAME)
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    capsys.readouterr()
    assert main(["models", "remove", NAME]) == 0
    own = home / "models"
    question = f"Delete {own / NAME}, {own / 't5-base'} (nothing else runs on t5-base)? [y/N] "
    assert capsys.readouterr().out == f"{question}Deleted {own / NAME}.\nDeleted {own / 't5-base'}.\n"
    assert not [path for path in own.iterdir() if path.is_dir()]


def test_verifying_looks_at_what_a_model_runs_on(capsys: Output, mirror: Path, home: Path) -> None:
    fetch(mirror, NAME)
    fetch(mirror, STEREO)
    capsys.readouterr()
    rows = report_of(capsys, "models", "verify", NAME)
    assert rows == [{"name": NAME, "problems": []}, {"name": "t5-base", "problems": []}]
    path = home / "models" / "t5-base" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert main(["models", "verify", NAME]) == 1
    assert capsys.readouterr().err.count("its checksum differs: run `musearoo models fetch t5-base`.") == 1
    shutil.rmtree(path.parent)
    assert main(["models", "verify", NAME]) == 1
    assert capsys.readouterr().err == (
        f"musearoo: The model {NAME} lacks what it runs on (t5-base): run `musearoo models fetch {NAME}`.\n"
    )


def test_the_list_says_what_is_here_in_part(capsys: Output, home: Path) -> None:
    write_files(home / "models" / NAME, musicgen_files())
    assert main(["models", "list"]) == 0
    said = capsys.readouterr().out
    assert "1.1 GB  in part" in said
    assert "Licence of musicgen-small, " in said


class TestFromTheHub:
    """Each model of a repository of its own."""

    @pytest.fixture(autouse=True)
    def hub(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
        require("huggingface_hub")
        others = {
            "google-t5/t5-base": transformers_files("t5"),
            "facebook/encodec_32khz": transformers_files("encodec"),
        }
        served = HubServer(f"facebook/{STEREO}", musicgen_files(names_codec=True), others=others)
        with may_fetch(monkeypatch), serve_hub(served) as hub:
            monkeypatch.setenv("HF_ENDPOINT", hub.address)
            yield hub

    def test_all_come_and_broken_connections_are_gone_on_with(
        self, capsys: Output, hub: HubServer, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("musearoo.bridge.models.hub.time.sleep", lambda _seconds: None)
        # Two in the language model, none in the rest of it and in the name of its codec, one in the text encoder.
        hub.breaks = [700_000, 300_000, 10**9, 10**9, 600_000]
        report = report_of(capsys, "models", "fetch", STEREO, "--accept-licence")
        assert set(report["runs_on"]) == {"t5-base", "encodec_32khz"}
        assert report["notes"] == []
        assert len([one for one in hub.asked_for("/files/") if one.range]) == 3
        assert main(["models", "verify", "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)) == 3
        before = len(hub.asked)
        assert report_of(capsys, "models", "fetch", STEREO)["fetched"] is False
        assert len(hub.asked) == before

    def test_a_refusal_of_the_second_keeps_the_first(self, capsys: Output, hub: HubServer, home: Path) -> None:
        hub.errors = {"t5-base": 503}
        said = failure_of(capsys, "models", "fetch", STEREO, "--accept-licence")
        assert "google-t5/t5-base answers with error 503: try again later" in said
        hub.errors.clear()
        hub.asked.clear()
        assert report_of(capsys, "models", "fetch", STEREO, "--accept-licence")["fetched"]
        assert not hub.asked_for(f"{STEREO}/resolve")

    def test_wrong_content_of_the_second_is_thrown_away(self, capsys: Output, hub: HubServer, home: Path) -> None:
        right = hub.others["google-t5/t5-base"]["model.safetensors"]
        hub.wrong = {"model.safetensors": right[:-1] + b"!"}
        said = failure_of(capsys, "models", "fetch", STEREO, "--accept-licence")
        assert "model.safetensors from" in said
        assert "its checksum differs. Nothing of it was kept" in said
        assert row_of(capsys, STEREO)["where"] == "in part"
