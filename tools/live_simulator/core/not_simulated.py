"""What the simulator leaves out on purpose, by name, with the reason. Using it raises an error with that reason."""

from __future__ import annotations

REASONS: dict[str, str] = {}
