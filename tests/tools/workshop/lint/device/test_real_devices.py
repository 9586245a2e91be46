"""The rules of structure over devices of others, which Max saved: they must find nothing.

Set MAX_DEVICES to a folder of such devices to run it. It was run on 515 devices and patchers of 19 public repositories,
saved by Max 5 to 9; what is found in some of them and is true stands in TRUE.
"""

import os
from pathlib import Path

import pytest

from musearoo.tools.workshop.lint.device.linter import ENDINGS, check_files
from musearoo.tools.workshop.lint.device.reading.findings import Ground

DEVICES = os.environ.get("MAX_DEVICES", "")

TRUE = frozenset({"unknown-object", "box-form", "container"})
"""Externals and abstractions that are not in the file, empty boxes, encrypted devices."""


@pytest.mark.skipif(not DEVICES, reason="set MAX_DEVICES to a folder of devices that Max saved")
def test_devices_that_max_saved_have_a_sound_structure() -> None:
    files = sorted(path for path in Path(DEVICES or ".").rglob("*") if path.suffix in ENDINGS and path.suffix != ".js")
    found = [finding for finding in check_files(files, [Ground.STRUCTURE]) if finding.rule not in TRUE]
    assert found == []
