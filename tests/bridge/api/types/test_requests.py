"""The requests' types: they name what the daemon knows, and importing them is light."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args, get_type_hints

from musearoo.bridge.api.types.requests import Imagine
from musearoo.bridge.protocol import AUDIO_BACKENDS
from musearoo.tools import ROOT


def test_they_name_the_backends_of_the_daemon() -> None:
    assert get_args(get_type_hints(Imagine)["backend"]) == ("", *AUDIO_BACKENDS)


def test_importing_them_brings_msgspec_alone() -> None:
    code = "import sys, musearoo.bridge.api.types.requests; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    ours = {name for name in eval(loaded) if name.startswith("musearoo.")}
    assert {name for name in ours if not name.startswith("musearoo.bridge.api")} == {"musearoo.bridge"}
