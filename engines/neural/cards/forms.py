"""Which files a model consists of, by its family, in a folder or on the hub."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.neural.cards.archives import CODEC_FILE, find_named_codec
from musearoo.engines.regular_files import read_bounded

_WEIGHTS: Final = ".safetensors"

CODECS: Final[Mapping[str, str]] = {"facebook/encodec_32khz": "encodec_32khz"}
"""By the name that a file of audiocraft may give, the catalogue's name. Others cannot be run."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a model among those that there are, and the first one that lacks, empty where none does.

    Names are those of paths within a folder, with `/`.
    """

    files: tuple[str, ...]
    lacks: str = ""


class ModelForm(Protocol):
    """Of which files a model consists."""

    @property
    def settings(self) -> Mapping[str, str]:
        """Small files that tell what else belongs to the model, by name: what stands in them where nobody has them."""

    def select(self, names: Collection[str], folder: Path) -> Selection:
        """The model's files but for its settings, of all these names; `folder` holds the settings.

        Raises EngineError for settings that are not what they should be.
        """

    def list_needed(self, folder: Path) -> tuple[str, ...]:
        """The names of the models that one in a folder, which must be whole, runs on."""

    def find_digits(self, name: str) -> str:
        """The SHA-256 of a published file; empty where that is not known."""

    def find_fault(self, path: Path) -> str:
        """Why a file is another model's, as the end of a sentence; empty where it is not, or nothing tells."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Files that together are a model, as one library has them.

    Large weights may be in several files instead of one, as transformers writes them: `model-00001-of-00003` and so on,
    with an index.
    """

    files: tuple[str, ...]
    """All of these."""
    either: tuple[str, ...] = ()
    """At least one of these, and all that there are."""
    spare: tuple[str, ...] = ()
    """Those of these that there are."""
    needs: tuple[str, ...] = ()
    """The models that it runs on, by name, beside the codec where that is only named."""
    kinds: tuple[str, ...] = ()
    """What its config.json may call itself (`model_type`); empty where it has none."""

    def select(self, names: Collection[str]) -> Selection:
        """Its files among all these names."""
        found: list[str] = []
        for name in self.files:
            files = _find_parts(name, names)
            if not files:
                return Selection(tuple(found), name)
            found.extend(files)
        alternatives = [name for name in self.either if name in names]
        if self.either and not alternatives:
            return Selection(tuple(found), " or ".join(self.either))
        return Selection((*found, *alternatives, *(name for name in self.spare if name in names)))


@dataclass(frozen=True, slots=True)
class PackForm:
    """A model that is published as any of some packs; the first of them that is whole is taken."""

    packs: tuple[Pack, ...]
    digits: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of the published files, as far as they are known."""

    @property
    def settings(self) -> Mapping[str, str]:
        """None: the names of the files are always the same."""
        return {}

    def select(self, names: Collection[str], folder: Path) -> Selection:  # noqa: ARG002
        """The files of the first pack that is whole, or else of the one that most is there of."""
        selections = [pack.select(names) for pack in self.packs]
        whole = [selection for selection in selections if not selection.lacks]
        return whole[0] if whole else max(selections, key=lambda selection: len(selection.files))

    def list_needed(self, folder: Path) -> tuple[str, ...]:
        """What the pack in a folder needs, and the codec where its file only names one."""
        pack = self._find_pack(folder)
        if pack is None:
            return ()
        named = find_named_codec(folder / CODEC_FILE) if CODEC_FILE in pack.files else ""
        return (*pack.needs, *([CODECS[named]] if named in CODECS else []))

    def find_digits(self, name: str) -> str:
        """All of the SHA-256, where it is known."""
        return self.digits.get(name, "")

    def find_fault(self, path: Path) -> str:
        """What is wrong with a config.json; other files tell nothing of whose they are."""
        kinds = {kind for pack in self.packs for kind in pack.kinds}
        if path.name != "config.json" or not kinds:
            return ""
        try:
            kind = parse_json(read_bounded(path), path.name, dict[str, object])["model_type"]
        except (ValueError, LookupError):
            return "does not say of which kind of model it is"
        return "" if kind in kinds else f"is of a model of another kind ({kind!s:.60})"

    def _find_pack(self, folder: Path) -> Pack | None:
        names = list_names(folder)
        return next((pack for pack in self.packs if not pack.select(names).lacks), None)


def list_names(folder: Path) -> frozenset[str]:
    """The files of a folder and of the folders in it, by their names within it; no model has any deeper.

    Raises OSError.
    """
    inside = list(folder.iterdir())
    deeper = [path for at in inside if at.is_dir() and not at.name.startswith(".") for path in _list_open(at)]
    return frozenset(path.relative_to(folder).as_posix() for path in (*inside, *deeper) if path.is_file())


def _list_open(folder: Path) -> list[Path]:
    """What is in a folder; nothing where it is closed to us, as some of the system's are beside a model."""
    try:
        return list(folder.iterdir())
    except PermissionError:
        return []


def _find_parts(name: str, names: Collection[str]) -> tuple[str, ...]:
    """A file, or the parts of one of weights and their index; empty where any of it lacks."""
    if name in names:
        return (name,)
    if not name.endswith(_WEIGHTS):
        return ()
    of_parts = re.compile(re.escape(name.removesuffix(_WEIGHTS)) + r"-(\d{5})-of-(\d{5})" + re.escape(_WEIGHTS))
    parts = sorted(each for each in names if of_parts.fullmatch(each))
    counts = {int(match[2]) for each in parts if (match := of_parts.fullmatch(each))}
    index = f"{name}.index.json"
    return (*parts, index) if counts == {len(parts)} and index in names else ()
