"""MuseAroo's Remote Script: what Ableton Live loads to let the MuseAroo daemon see the set and write into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .host.live import CInstance
    from .surface import MuseAroo


def create_instance(c_instance: CInstance) -> MuseAroo:
    """The control surface; Live calls this once, when the script is chosen or the set is opened."""
    # Here, not above: outside Live, the modules beside this one can be imported without Live's own.
    from .surface import MuseAroo

    return MuseAroo(c_instance)
