"""What counts as a model that is here, where it is looked for, and what checking and removing say."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from musearoo.bridge.models.files import FileRecord, Manifest, is_whole, read_manifest, write_manifest
from musearoo.bridge.models.store import ModelStore, hub_cache
from musearoo.engines.neural.cards.demucs import Network
from tests.bridge.models.model_samples import CARD, card_of, model_files, sha256, weights_bytes, write_model

NAME = CARD.name


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's cache of the test's own."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def record(folder: Path) -> None:
    """Writes the manifest of a model as it lies there."""
    files = {path.name: FileRecord(path.stat().st_size, sha256(path.read_bytes())) for path in folder.iterdir()}
    write_manifest(folder, Manifest("https://hub", "c0ffee", "MIT", "2026-11-22", files))


def test_a_model_is_its_settings_and_all_their_weights(store: ModelStore) -> None:
    assert store.find(NAME) is None
    folder = write_model(store.place(NAME), networks=2)
    assert store.find(NAME) == folder
    (folder / "tiny1.safetensors").unlink()
    assert store.find(NAME) is None
    assert (
        store.explain_missing(NAME) == f"The model {NAME} in {folder} lacks files: run `musearoo models fetch {NAME}`."
    )


def test_the_older_form_counts_as_weights(store: ModelStore) -> None:
    folder = write_model(store.place(NAME))
    (folder / "tiny0.safetensors").rename(folder / "tiny0-01234567.th")
    assert store.find(NAME) == folder


def test_a_model_that_is_nowhere_is_one_sentence(store: ModelStore) -> None:
    assert (
        store.explain_missing(NAME) == f"The model {NAME} is not on this machine: run `musearoo models fetch {NAME}`."
    )


def test_the_hub_cache_is_looked_at_after_the_own_folder(store: ModelStore, cache: Path) -> None:
    of_model = cache / "models--adefossez--HTDemucs"
    (of_model / "refs").mkdir(parents=True)
    (of_model / "refs" / "main").write_text("new", encoding="utf-8")
    old = write_model(of_model / "snapshots" / "old")
    new = write_model(of_model / "snapshots" / "new", networks=2)
    assert store.find(NAME) == new
    (new / "tiny1.safetensors").unlink()
    assert store.find(NAME) == old
    assert store.find_own(NAME) is None
    own = write_model(store.place(NAME))
    assert store.find(NAME) == own
    assert store.find("a_model_of_my_own") is None


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"HF_HUB_CACHE": "/a/hub", "HF_HOME": "/b"}, "/a/hub"),
        ({"HUGGINGFACE_HUB_CACHE": "/old"}, "/old"),
        ({"HF_HOME": "$PLACE/hf"}, "/disk/hf/hub"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/huggingface/hub"),
        ({}, "~/.cache/huggingface/hub"),
    ],
)
def test_the_hub_cache_is_its_librarys(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**variables, "PLACE": "/disk"}.items():
        monkeypatch.setenv(name, value)
    assert hub_cache() == Path(expected).expanduser()


def test_a_manifest_reads_as_it_was_written(tmp_path: Path) -> None:
    manifest = Manifest("https://hub", "c0ffee", "MIT", "2026-11-22", {"a": FileRecord(3, "0" * 64)})
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    (tmp_path / "manifest.json").write_text('{"files": {"a": 3}}', encoding="utf-8")
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        weights_bytes()[:-1],
        weights_bytes() + b"!",
        (1 << 40).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (2).to_bytes(8, "little") + b"{!",
        (7).to_bytes(8, "little") + b'{"a":1}',
    ],
)
def test_a_file_that_is_not_as_long_as_it_says_is_not_whole(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(weights_bytes())
    assert is_whole(path)
    path.write_bytes(content)
    assert not is_whole(path)


def spoil_content(folder: Path) -> None:
    path = folder / "tiny0.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def shorten(folder: Path) -> None:
    path = folder / "tiny0.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


def lose(folder: Path) -> None:
    (folder / "tiny0.safetensors").unlink()


def swap_for_a_pickle(folder: Path) -> None:
    (folder / "tiny0.safetensors").rename(folder / "tiny0-01234567.th")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            spoil_content,
            r"tiny0\.safetensors is not what was fetched: its checksum differs: run `musearoo models fetch",
        ),
        (
            shorten,
            r"tiny0\.safetensors is broken: it is not as long as it says: run `musearoo models fetch htdemucs`\.$",
        ),
        (lose, r"lacks tiny0\.safetensors: run `musearoo models fetch htdemucs`\.$"),
        (swap_for_a_pickle, r"tiny0-01234567\.th is not the file that was published as tiny0-01234567\.th"),
    ],
)
def test_what_is_broken_is_named_with_its_cure(store: ModelStore, spoil: Callable[[Path], None], said: str) -> None:
    folder = write_model(store.place(NAME))
    record(folder)
    assert store.verify(CARD) == ()
    spoil(folder)
    (problem,) = store.verify(CARD)
    assert re.search(said, problem)


def test_without_a_manifest_the_catalogue_tells_what_is_right(store: ModelStore) -> None:
    folder = write_model(store.place(NAME))
    content = (folder / "tiny0.safetensors").read_bytes()
    network = Network("tiny0", sha256(content), sha256(content))
    known = card_of(network)
    assert store.verify(known) == ()
    (folder / "tiny0.safetensors").rename(folder / f"tiny0-{network.pickle_sha256[:8]}.th")
    assert store.verify(known) == ()
    foreign = card_of(Network("tiny0", "0" * 64, "0" * 64))
    (problem,) = store.verify(foreign)
    assert "is not the file that was published" in problem
    write_model(folder)
    assert "is not the file that was published" in store.verify(foreign)[0]


def test_checking_tells_how_far_it_is(store: ModelStore) -> None:
    write_model(store.place(NAME))
    done: list[int] = []
    store.verify(CARD, done.append)
    assert sum(done) == sum(map(len, model_files().values()))


def test_the_hub_cache_is_checked_by_the_names_of_its_files(store: ModelStore, cache: Path) -> None:
    of_model = cache / "models--adefossez--HTDemucs"
    snapshot = write_model(of_model / "snapshots" / "one")
    (of_model / "refs").mkdir()
    (of_model / "refs" / "main").write_text("one", encoding="utf-8")
    assert store.verify(CARD) == ()
    weights = snapshot / "tiny0.safetensors"
    blob = of_model / "blobs" / sha256(weights.read_bytes())
    blob.parent.mkdir()
    weights.replace(blob)
    weights.symlink_to(blob)
    assert store.verify(CARD) == ()
    spoil_content(snapshot)
    (problem,) = store.verify(CARD)
    assert "its checksum differs: run `musearoo models fetch htdemucs`" in problem


def test_removing_takes_what_is_ours_and_nothing_else(store: ModelStore, cache: Path) -> None:
    write_model(store.place(NAME))
    other = write_model(store.place("htdemucs_ft"), "htdemucs_ft")
    write_model(store.drafts(NAME))
    snapshot = write_model(cache / "models--adefossez--HTDemucs" / "snapshots" / "one")
    (snapshot.parent.parent / "refs").mkdir()
    (snapshot.parent.parent / "refs" / "main").write_text("one", encoding="utf-8")
    assert store.remove(NAME)
    assert sorted(store.folder.iterdir()) == [other]
    assert store.find(NAME) == snapshot
    assert not store.remove(NAME)
