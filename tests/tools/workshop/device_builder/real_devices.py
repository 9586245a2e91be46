"""The public devices that the tests are held against when somebody has them: MAX_DEVICES names their folder."""

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("MAX_DEVICES", "")

PATHS = sorted(Path(FOLDER).rglob("*.amxd")) if FOLDER else []

needs_devices = pytest.mark.skipif(not PATHS, reason="no devices that Max saved: MAX_DEVICES is to name their folder")
