"""Tiny models with random weights, in both formats."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from musearoo.tools.bench.musicgen.random_models import RandomMusicGen, write_random_musicgen
from musearoo.tools.bench.musicgen.random_settings import KINDS
from tests.optional import require

Write = Callable[..., RandomMusicGen]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Write]:
    """Return the tiny model of a kind, format and codec, written on first use; torch uses one thread."""
    torch = require("torch", "transformers")
    root = tmp_path_factory.mktemp("musicgen")
    written: dict[tuple[str, str, str], RandomMusicGen] = {}

    def give(kind: str = "text", form: str = "audiocraft", codec: str = "inside") -> RandomMusicGen:
        key = kind, form, codec
        if key not in written:
            written[key] = write_random_musicgen(root / f"{form}-{codec}", kind=kind, form=form, codec=codec)
        return written[key]

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield give
    torch.set_num_threads(before)


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of model."""
    return str(request.param)


@pytest.fixture
def own(tiny: Write, tmp_path: Path) -> Write:
    """Return a copy of a model in the test's own folders, which may be modified."""

    def give(kind: str = "text", form: str = "audiocraft", codec: str = "inside") -> RandomMusicGen:
        model = tiny(kind, form, codec)
        return RandomMusicGen(copy(model.folder), copy_if(model.text_folder), copy_if(model.codec_folder))

    def copy(folder: Path) -> Path:
        return Path(shutil.copytree(folder, tmp_path / folder.name))

    def copy_if(folder: Path | None) -> Path | None:
        return copy(folder) if folder else None

    return give
