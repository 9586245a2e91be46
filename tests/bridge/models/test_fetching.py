"""Fetching from a folder: in each form that a folder may have, and how it fails without harm to what is here."""

import errno
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from filelock import FileLock

from musearoo.bridge.models.fetching import Fetched, MirrorFolder, Offer, fetch_model
from musearoo.bridge.models.files import Tick, read_manifest
from musearoo.bridge.models.store import ModelStore
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.demucs import Network
from musearoo.engines.neural.cards.description import ModelCard
from tests.bridge.models.model_samples import CARD, SIZE, card_of, sha256, weights_bytes, write_model

ACCEPTED = "2026-11-22T12:00:00+00:00"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def fetch(mirror: Path, store: ModelStore, card: ModelCard = CARD) -> Fetched:
    return fetch_model(card, MirrorFolder(mirror, card.name), store, ACCEPTED, lambda _done, _total, _name: None)


def test_another_machines_folder_is_a_mirror(store: ModelStore, tmp_path: Path) -> None:
    first = fetch(write_model(tmp_path / "plain", networks=2), store)
    assert first.folder == store.find(CARD.name) == store.place(CARD.name)
    second = ModelStore(tmp_path / "second")
    fetched = fetch(store.folder, second)
    assert sorted(path.name for path in fetched.folder.iterdir()) == sorted(
        path.name for path in first.folder.iterdir()
    )
    assert second.verify(CARD) == ()
    # What a plain folder holds can be held against nothing; another machine has recorded it.
    assert [note.split()[3] for note in first.notes] == ["tiny0.safetensors", "tiny1.safetensors"]
    assert fetched.notes == ()


def test_the_manifest_records_where_it_came_from(store: ModelStore, tmp_path: Path) -> None:
    mirror = write_model(tmp_path / "plain")
    manifest = read_manifest(fetch(mirror, store).folder)
    assert manifest
    assert (manifest.source, manifest.revision) == (str(mirror), "")
    assert (manifest.licence, manifest.accepted) == (CARD.licence, ACCEPTED)
    assert manifest.files["tiny0.safetensors"].sha256 == sha256((mirror / "tiny0.safetensors").read_bytes())


def test_bare_files_get_the_settings_of_the_catalogue(store: ModelStore, tmp_path: Path) -> None:
    content = b"a pickle that is never opened here"
    network = Network("955717e8", sha256(content), "")
    card = card_of(network)
    (tmp_path / f"955717e8-{network.pickle_sha256[:8]}.th").write_bytes(content)
    folder = fetch(tmp_path, store, card).folder
    assert {"htdemucs.yaml": (folder / "htdemucs.yaml").read_text(encoding="utf-8")} == card.form.settings
    assert store.verify(card) == ()
    with pytest.raises(
        EngineError, match=r"955717e8-\w+\.th from .* is not the file that was published .* anew, or elsewhere"
    ):
        fetch(tmp_path, store, card_of(Network("955717e8", "0" * 64, "")))
    assert store.verify(card) == ()


@pytest.mark.parametrize("content", [weights_bytes()[:-1], b"<html>no</html>", b""])
def test_a_broken_file_is_refused(store: ModelStore, tmp_path: Path, content: bytes) -> None:
    mirror = write_model(tmp_path / "plain")
    (mirror / "tiny0.safetensors").write_bytes(content)
    with pytest.raises(EngineError, match=r"tiny0\.safetensors from .* is broken: it is not as long as it says"):
        fetch(mirror, store)
    assert store.find(CARD.name) is None


@pytest.mark.parametrize(
    ("folder", "said"),
    [("nothing here", "nothing here cannot be read: No such file"), (".", r"has no 955717e8\.safetensors, which")],
)
def test_a_folder_without_the_model_is_reported(store: ModelStore, tmp_path: Path, folder: str, said: str) -> None:
    with pytest.raises(EngineError, match=said):
        fetch(tmp_path / folder, store)


def test_a_model_that_was_here_is_replaced_when_all_has_come(store: ModelStore, tmp_path: Path) -> None:
    fetch(write_model(tmp_path / "old", networks=2), store)
    broken = write_model(tmp_path / "broken", networks=3)
    (broken / "tiny2.safetensors").unlink()
    with pytest.raises(EngineError, match=r"has no tiny2\.safetensors"):
        fetch(broken, store)
    assert store.verify(CARD) == ()
    folder = fetch(write_model(tmp_path / "new"), store).folder
    assert sorted(path.name for path in folder.iterdir()) == ["htdemucs.yaml", "manifest.json", "tiny0.safetensors"]
    assert [path for path in store.folder.iterdir() if path.is_dir()] == [folder]


class FullDisk(MirrorFolder):
    """A folder from which comes half of a file, and then the disk is full."""

    def bring(self, offer: Offer, draft: Path, tick: Tick) -> None:
        if offer.name.endswith(".yaml"):
            return super().bring(offer, draft, tick)
        draft.write_bytes(weights_bytes(0)[: SIZE // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_is_one_sentence(store: ModelStore, tmp_path: Path) -> None:
    mirror = write_model(tmp_path / "plain")
    with pytest.raises(EngineError, match=r"The disk of .*models is full: free some space and run this again"):
        fetch_model(CARD, FullDisk(mirror, CARD.name), store, ACCEPTED, lambda _done, _total, _name: None)
    assert store.find(CARD.name) is None
    fetch(mirror, store)
    assert store.verify(CARD) == ()


def test_a_copy_that_was_broken_off_is_gone_on_with(store: ModelStore, tmp_path: Path) -> None:
    other = ModelStore(tmp_path / "other")
    mirror = fetch(write_model(tmp_path / "plain"), other).folder
    with pytest.raises(EngineError, match="is full"):
        fetch_model(CARD, FullDisk(mirror, CARD.name), store, ACCEPTED, lambda _done, _total, _name: None)
    shown: list[tuple[int, int]] = []
    fetch_model(
        CARD, MirrorFolder(mirror, CARD.name), store, ACCEPTED, lambda done, total, _: shown.append((done, total))
    )
    assert shown[0][0] == SIZE // 2
    assert shown[-1][0] == shown[-1][1] == len(weights_bytes(0))
    assert store.verify(CARD) == ()


def test_another_file_than_the_known_one_is_reported_and_used(store: ModelStore, tmp_path: Path) -> None:
    mirror = fetch(write_model(tmp_path / "plain"), ModelStore(tmp_path / "other")).folder
    card = card_of(Network("tiny0", "0" * 64, "0" * 64))
    (note,) = fetch(mirror, store, card).notes
    assert note.startswith("tiny0.safetensors is not the file that this MuseAroo knows, but the one that")
    assert store.verify(card) == ()


def test_space_is_looked_at_beforehand(store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(0, 0, 51_000_000))
    with pytest.raises(
        EngineError, match=r"htdemucs needs 51 MB more in .*models, and 51 MB are free: free some space"
    ):
        fetch(write_model(tmp_path / "plain"), store)


def test_two_processes_do_not_fetch_the_same(store: ModelStore, tmp_path: Path) -> None:
    mirror = write_model(tmp_path / "plain")
    store.folder.mkdir()
    with FileLock(store.folder / f".{CARD.name}.lock"), pytest.raises(EngineError, match="fetched by another process"):
        fetch(mirror, store)
    fetch(mirror, store)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(EngineError, match=r"models\S* cannot be used: (File exists|Not a directory)"):
        fetch(write_model(tmp_path / "plain"), ModelStore(tmp_path / "models"))
