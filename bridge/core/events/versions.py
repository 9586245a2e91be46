"""What the versions service is asked: to keep the set, or to bring something of a version back."""

from musearoo.bridge.protocol import BringBack, KeepVersion
from musearoo.engines.foundation.frozen import frozen


@frozen
class StoreVersion:
    """Keep the set as a version; answered by Composed without edits, or NotComposed, with Progressed in between."""

    key: tuple[int, int]
    link: int
    request_id: str
    keep: KeepVersion


@frozen
class FetchVersion:
    """Bring something of a version back; answered by Composed or NotComposed, with Progressed in between."""

    key: tuple[int, int]
    link: int
    request_id: str
    back: BringBack


VersionEffect = StoreVersion | FetchVersion
"""Effects of the versions service."""
