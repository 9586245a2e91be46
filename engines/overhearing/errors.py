"""What is said where nothing can be taken out of what was played."""

from engines.errors import EngineError


class NothingPlayed(EngineError):  # noqa: N818 (it is the player's, and no error)
    """Nothing was played in that time: one sentence says so, and what to do."""
