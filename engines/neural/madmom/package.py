"""The installed madmom package: location, version and licence. Imports nothing heavy, madmom least of all."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from musearoo import IN_CHECKOUT, how_to_install
from musearoo.engines.errors import EngineError

MODELS_LICENCE: Final = "CC BY-NC-SA 4.0 (non-commercial)"
"""madmom's code is under BSD; what it learned is not, and it is the learned networks that the deep pass uses."""

HOW_TO_GET: Final = (
    f"install it with `{how_to_install('analysis')}`"
    if IN_CHECKOUT
    else "install it with `pip install cython numpy`, then `pip install --no-build-isolation madmom==0.16.1`"
)
"""madmom's build needs Cython and NumPy to be there: pip alone, and so an extra of ours, cannot install it."""


@dataclass(frozen=True, slots=True)
class MadmomPackage:
    """An installed madmom: its version and its folder."""

    version: str
    folder: Path

    def list_networks(self, pattern: str) -> tuple[Path, ...]:
        """The files of trained networks that match `pattern`, in order; raises EngineError when there is none."""
        files = tuple(sorted((self.folder / "models").glob(pattern)))
        if not files:
            raise EngineError(
                f"madmom {self.version} in {self.folder} lacks its networks {pattern}: {HOW_TO_GET} anew."
            )
        return files


def find_madmom() -> MadmomPackage | None:
    """The madmom that is installed, or None."""
    spec = find_spec("madmom")
    if spec is None or not spec.submodule_search_locations:
        return None
    try:
        found = version("madmom")
    except PackageNotFoundError:
        found = "of unknown version"
    return MadmomPackage(found, Path(next(iter(spec.submodule_search_locations))))


def require_madmom() -> MadmomPackage:
    """The madmom that is installed; raises EngineError saying how to get it."""
    package = find_madmom()
    if package is None:
        raise EngineError(f"The deep analysis needs madmom's networks, and madmom is not installed: {HOW_TO_GET}.")
    return package


def describe_madmom() -> str:
    """One line for `musearoo doctor`: whether madmom is there, its version, and its models' licence."""
    package = find_madmom()
    if package is None:
        return f"madmom is not installed: {HOW_TO_GET} for the deep analysis."
    return f"madmom {package.version}, models {MODELS_LICENCE}"
