"""The installed madmom package: location, version and licence. Imports neither madmom nor anything heavy."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from musearoo import IN_CHECKOUT, how_to_install
from musearoo.engines.errors import EngineError

MODELS_LICENCE: Final = "CC BY-NC-SA 4.0 (non-commercial)"
"""madmom's code is BSD-licensed; its trained networks, which the deep pass uses, are not."""

HOW_TO_GET: Final = (
    f"install it with `{how_to_install('analysis')}`"
    if IN_CHECKOUT
    else "install it with `pip install cython numpy`, then `pip install --no-build-isolation madmom==0.16.1`"
)
"""madmom's build needs Cython and NumPy installed, so pip alone (and an extra of ours) cannot install it."""


@dataclass(frozen=True, slots=True)
class MadmomPackage:
    """An installed madmom, by its folder."""

    folder: Path

    @property
    def version(self) -> str:
        """The version in its metadata, which is searched for among all installed packages."""
        # Imported here, because it loads email.
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("madmom")
        except PackageNotFoundError:
            return "of unknown version"

    def list_networks(self, pattern: str) -> tuple[Path, ...]:
        """Return the network files that match `pattern`, sorted; raises EngineError if there are none."""
        files = tuple(sorted((self.folder / "models").glob(pattern)))
        if not files:
            raise EngineError(
                f"madmom {self.version} in {self.folder} lacks its networks {pattern}: {HOW_TO_GET} again."
            )
        return files


def find_madmom() -> MadmomPackage | None:
    """Return the installed madmom, or None."""
    spec = find_spec("madmom")
    if spec is None or not spec.submodule_search_locations:
        return None
    return MadmomPackage(Path(next(iter(spec.submodule_search_locations))))


def require_madmom() -> MadmomPackage:
    """Return the installed madmom; raises EngineError with install instructions."""
    package = find_madmom()
    if package is None:
        raise EngineError(f"The deep analysis needs madmom's networks, and madmom is not installed: {HOW_TO_GET}.")
    return package


def describe_madmom() -> str:
    """Return a line for `musearoo doctor`: whether madmom is installed, its version, and its models' licence."""
    package = find_madmom()
    if package is None:
        return f"madmom is not installed: {HOW_TO_GET} for the deep analysis."
    return f"madmom {package.version}, models {MODELS_LICENCE}"
