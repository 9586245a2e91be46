"""A set that is open in Live, as versions know it. Light to import: the daemon has one from its start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musearoo.bridge.versions.repository import Repository


@dataclass(slots=True)
class OpenSet:
    """A set that is open in Live: its repository once it has one, and the uids of what is in it, by Live's ids.

    `instance` is the script's: it stands for the set as long as that is open.
    """

    instance: str
    repository: Repository | None = None
    uids: Mapping[int, str] = field(default_factory=dict)
