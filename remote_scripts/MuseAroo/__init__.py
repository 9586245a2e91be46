"""MuseAroo's Remote Script, through which the MuseAroo daemon reads and edits the Live Set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .host.live import CInstance
    from .surface import MuseAroo


def create_instance(c_instance: CInstance) -> MuseAroo:
    """Return the control surface; Live calls this once, when the script is selected or the set is opened."""
    # Imported here so that the other modules can be imported outside Live.
    from .surface import MuseAroo

    return MuseAroo(c_instance)
