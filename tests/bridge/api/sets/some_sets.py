"""Small sets for tests, and what plays in them."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from musearoo.bridge.api.sets.performing import StoredSet, Written, new_set, perform_request
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.bridge.core.composing import Players
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.players.band.catalogue import ENGINES


@cache
def some_players() -> Players:
    """MuseAroo's own engines and styles."""
    return Players(ENGINES, read_styles(Path(mkdtemp()) / "styles"), play_with_patience)


def empty_set(bpm: float = 120.0, time_signature: str = "4/4", key: str = "") -> StoredSet:
    """A new set with one scene."""
    mirror = SetMirror()
    for message in new_set("Test", bpm, time_signature, key):
        mirror.apply(message)
    return StoredSet(mirror, 0, 3)


def after(stored: StoredSet, *requests: AnyRequest) -> StoredSet:
    """The set after requests, performed one after the other."""
    for request in requests:
        written = perform(stored, request)
        stored = StoredSet(written.performed.mirror, stored.version + 1, written.performed.next_id)
    return stored


def perform(stored: StoredSet, request: AnyRequest) -> Written:
    """What a request makes of a set; its id comes from the set's version, so that it is always the same."""
    return perform_request(stored, request, f"request-{stored.version}", "session", some_players())
