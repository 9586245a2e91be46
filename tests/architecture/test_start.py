"""What the daemon has imported when it is ready: what a press needs, and nothing that can come later.

Each entry costs its time again if it comes back; docs/performance.md has the figures.
"""

import json
import subprocess
import sys
from pathlib import Path

from musearoo.bridge.settings.config_files import HOME_VARIABLE, ConfigFolder
from tests.architecture.imports import ROOT

LATER = (
    # The terminal, once it is ready.
    "rich",
    # The first analysis, or the warm-up.
    "numpy",
    "scipy",
    "soundfile",
    "av",
    "musearoo.engines.analysis.fast",
    "musearoo.engines.neural.cards",
    # The first sentence, or the warm-up.
    "musearoo.engines.language.copilot.respond",
    "musearoo.engines.language.grammar",
    # The first Split or Imagine, or the warm-up.
    "musearoo.bridge.imagining.generator",
    "musearoo.bridge.imagining.plan",
    "musearoo.bridge.models",
    "musearoo.bridge.services.imagine",
    "musearoo.bridge.stems.plan",
    "musearoo.bridge.stems.splitter",
    "musearoo.engines.prompts",
    # Only for those who have a language model, an engine of another package, a server, a worker.
    "http.client",
    "urllib.request",
    "email",
    "importlib.metadata",
    "multiprocessing",
)

NOW = ("musearoo.bridge.core.conductor", "musearoo.bridge.requests.generate", "musearoo.engines.players.drums.engine")
"""What a press needs is there: a start that put it off would be no gain."""

PROGRAM = """
import json, sys
from musearoo.bridge import running
from musearoo.bridge.cli import main

def report(run):
    def ready(daemon, endpoint):
        print(json.dumps(sorted(sys.modules)), flush=True)
        raise SystemExit(0)
    return lambda folder, _: run(folder, ready)

running.run_daemon = report(running.run_daemon)
main(["run", "--quiet"])
"""


def list_modules_at_ready(home: Path) -> list[str]:
    """The modules of a daemon on this folder at the moment that it is ready."""
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={HOME_VARIABLE: str(home), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert found.stdout, found.stderr
    modules: list[str] = json.loads(found.stdout)
    return modules


def test_the_daemon_is_ready_without_what_can_come_later(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    ConfigFolder(home).settings_file.write_text("script_port: 27810\ndevice_port: 27811\n", encoding="utf-8")
    modules = list_modules_at_ready(home)
    early = [module for module in modules if any(f"{module}.".startswith(f"{later}.") for later in LATER)]
    assert early == []
    assert set(NOW) <= set(modules)
