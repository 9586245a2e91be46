"""Links by which tools that only read code find the checkout's folders as sub-packages of `musearoo`.

Python itself needs none: musearoo/__init__.py extends its path. mypy and editors follow only what lies on the disk.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

FOLDERS = ("bridge", "engines", "max_for_live", "presets", "remote_scripts", "tools")
LINKS = Path("links") / "musearoo"


def link_folders(root: Path, environment: Path) -> Path:
    """Make the links anew in an environment's folder, and return the folder that holds `musearoo`.

    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> for name in ("musearoo", *FOLDERS): (root / name).mkdir()
    >>> _ = (root / "musearoo" / "__init__.py").write_text("")
    >>> folder = link_folders(root, root / ".venv")
    >>> sorted(path.name for path in (folder / "musearoo").iterdir())
    ['__init__.py', 'bridge', 'engines', 'max_for_live', 'presets', 'remote_scripts', 'tools']
    """
    folder = environment / LINKS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = [path for path in (root / "musearoo").glob("*") if path.is_file()]
    for path in (*files, *(root / name for name in FOLDERS if (root / name).is_dir())):
        _link(path, folder / path.name)
    return folder.parent


def _link(target: Path, link: Path) -> None:
    if sys.platform == "win32":
        # Links take rights there that few have; junctions and copies do not.
        if target.is_dir():
            import _winapi

            _winapi.CreateJunction(str(target), str(link))
        else:
            shutil.copyfile(target, link)
    else:
        os.symlink(target, link)
