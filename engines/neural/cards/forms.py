"""The files that make up a model, per family, in a folder or on the hub."""

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
"""The name that an audiocraft file may give: the catalogue's name. No other codec can run."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a model among those available, and the first one missing ("" if complete).

    Names are paths relative to a folder, with `/`.
    """

    files: tuple[str, ...]
    lacks: str = ""


class ModelForm(Protocol):
    """The files that make up a model."""

    @property
    def settings(self) -> Mapping[str, str]:
        """Small files that determine which others belong to the model: name to default content."""

    def select(self, names: Collection[str], folder: Path) -> Selection:
        """Select the model's files, without its settings, among `names`; `folder` has the settings.

        Raises EngineError for malformed settings.
        """

    def list_needed(self, folder: Path) -> tuple[str, ...]:
        """Return the names of the models that a complete model in a folder needs to run."""

    def find_sha256(self, name: str) -> str:
        """Return the SHA-256 of a published file; "" if unknown."""

    def find_fault(self, path: Path) -> str:
        """Return why a file belongs to another model, as the end of a sentence; "" if it does not or may not."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of files that make up a model in one library's format.

    Large weights may be split into several files as transformers does: `model-00001-of-00003` and so on, plus an
    index.
    """

    files: tuple[str, ...]
    """All are required."""
    either: tuple[str, ...] = ()
    """At least one is required; all that exist are used."""
    spare: tuple[str, ...] = ()
    """Optional."""
    needs: tuple[str, ...] = ()
    """The models it needs to run, by name; a codec that is only named comes on top."""
    kinds: tuple[str, ...] = ()
    """Accepted values of `model_type` in its config.json; empty if it has none."""

    def select(self, names: Collection[str]) -> Selection:
        """Select its files among `names`."""
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
    """A model that is published in one or more formats; the first complete one is used."""

    packs: tuple[Pack, ...]
    digits: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 sums of the published files, as far as known."""

    @property
    def settings(self) -> Mapping[str, str]:
        """Empty: the file names never vary."""
        return {}

    def select(self, names: Collection[str], folder: Path) -> Selection:  # noqa: ARG002
        """Select the files of the first complete pack, or else of the most complete one."""
        selections = [pack.select(names) for pack in self.packs]
        whole = [selection for selection in selections if not selection.lacks]
        return whole[0] if whole else max(selections, key=lambda selection: len(selection.files))

    def list_needed(self, folder: Path) -> tuple[str, ...]:
        """Return what the pack in a folder needs, plus the codec if its file only names one."""
        pack = self._find_pack(folder)
        if pack is None:
            return ()
        named = find_named_codec(folder / CODEC_FILE) if CODEC_FILE in pack.files else ""
        return (*pack.needs, *([CODECS[named]] if named in CODECS else []))

    def find_sha256(self, name: str) -> str:
        """Return the SHA-256 of a file; "" if unknown."""
        return self.digits.get(name, "")

    def find_fault(self, path: Path) -> str:
        """Return what is wrong with a config.json; other files do not identify their model."""
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
    """Return the files of a folder and its immediate subfolders, as relative paths; no model nests deeper.

    Raises OSError.
    """
    inside = list(folder.iterdir())
    deeper = [path for at in inside if at.is_dir() and not at.name.startswith(".") for path in _list_open(at)]
    return frozenset(path.relative_to(folder).as_posix() for path in (*inside, *deeper) if path.is_file())


def _list_open(folder: Path) -> list[Path]:
    """Return the entries of a folder; none if it is not readable, as with some system folders next to a model."""
    try:
        return list(folder.iterdir())
    except PermissionError:
        return []


def _find_parts(name: str, names: Collection[str]) -> tuple[str, ...]:
    """Return a file, or the parts of split weights and their index; empty if any is missing."""
    if name in names:
        return (name,)
    if not name.endswith(_WEIGHTS):
        return ()
    of_parts = re.compile(re.escape(name.removesuffix(_WEIGHTS)) + r"-(\d{5})-of-(\d{5})" + re.escape(_WEIGHTS))
    parts = sorted(each for each in names if of_parts.fullmatch(each))
    counts = {int(match[2]) for each in parts if (match := of_parts.fullmatch(each))}
    index = f"{name}.index.json"
    return (*parts, index) if counts == {len(parts)} and index in names else ()
