"""The engines: MuseAroo's own, and those that other packages add."""

from functools import cache
from importlib.metadata import entry_points

from musearoo.bridge.settings.logs import LOG
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord

GROUP = "musearoo.engines"
"""The entry-point group: each entry names an EngineRecord."""


@cache
def read_engines() -> tuple[EngineRecord, ...]:
    """Return every engine, MuseAroo's own first. One that fails to load, or takes a used name, is logged."""
    engines = list(ENGINES)
    for entry in entry_points(group=GROUP):
        try:
            engine = entry.load()
        except Exception:
            # Another package's code runs here: its errors must not affect the other engines.
            LOG.exception("The engine %s of another package cannot be loaded", entry.value)
            continue
        if not isinstance(engine, EngineRecord):
            LOG.warning("%s is not an EngineRecord and is left out", entry.value)
        elif any(engine.name == other.name for other in engines):
            LOG.warning("%s is left out: there is an engine named %s already", entry.value, engine.name)
        else:
            engines.append(engine)
    return tuple(engines)
