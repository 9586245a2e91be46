"""A container as a folder: its files, and a list of the container's other data."""

import json
from pathlib import Path
from typing import Any

from musearoo.tools.max_simulator.formats.container import Container, ContainerError, DeviceFile

LIST = "container.json"
"""The file in the folder with kind, meta and the order of the files."""

_UNNAMED = "patcher.json"
"""The file name for the patcher of an unfrozen device, which has none."""


def write_folder(container: Container, folder: Path) -> None:
    """Write the files of the container and their list. Raises ContainerError for names outside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = _file_names(container.files)
    for file, name in zip(container.files, names, strict=True):
        (folder / name).write_bytes(file.content)
    contents = {
        "kind": container.kind,
        "meta": container.meta,
        "frozen": container.frozen,
        "left_over": container.left_over.hex(),
        "rest": container.rest.hex(),
        "files": [
            {
                "path": path,
                "name": file.name,
                "kind": file.kind,
                "flag": file.flag,
                "made_at": file.made_at,
                "version": file.version,
            }
            for file, path in zip(container.files, names, strict=True)
        ],
    }
    (folder / LIST).write_text(json.dumps(contents, indent=2) + "\n", encoding="utf-8", newline="\n")


def read_folder(folder: Path) -> Container:
    """Return the container that `write_folder` wrote. Raises ContainerError for an invalid list."""
    path = folder / LIST
    try:
        contents: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files = tuple(
            DeviceFile(
                entry["name"],
                entry["kind"],
                (folder / entry["path"]).read_bytes(),
                entry["flag"],
                entry["made_at"],
                entry["version"],
            )
            for entry in contents["files"]
        )
        left_over, rest = bytes.fromhex(contents["left_over"]), bytes.fromhex(contents["rest"])
        return Container(contents["kind"], files, contents["frozen"], contents["meta"], left_over, rest)
    except FileNotFoundError as error:
        raise ContainerError(f"{error.filename}: not there; is {folder} a folder that unpack wrote?") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ContainerError(f"{path}: not a list that unpack wrote: {error}") from error


def _file_names(files: tuple[DeviceFile, ...]) -> list[str]:
    """Return a unique name in the folder for each file."""
    names: list[str] = []
    for file in files:
        name = file.name or _UNNAMED
        if Path(name).name != name or name in (LIST, ".."):
            raise ContainerError(f"{name!r}: a file of a container with such a name is not written")
        while name in names:
            name = f"_{name}"
        names.append(name)
    return names
