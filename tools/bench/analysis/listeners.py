"""The compared analyzers, each run in a separate process.

`python -m musearoo.tools.bench.analysis.listeners NAME FILE…` prints one answer per line, as JSON, and last its peak
memory.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from musearoo.bridge.analysis.files import FileAnalyzer
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.tools.bench.analysis.answers import Answer, answer_of, encode_answer
from musearoo.tools.bench.analysis.peers import librosa_listener, madmom_listener
from musearoo.tools.bench.measures import peak_megabytes

Listen = Callable[[Path], Answer]


def fast_listener() -> Listen:
    """Return our fast pass, including file reading, as `musearoo analyze` runs it."""
    return _ours(deep=False)


def deep_listener() -> Listen:
    """Return our deep pass, as `musearoo analyze --deep` runs it."""
    return _ours(deep=True)


def stems_listener() -> Listen:
    """Return our fast pass with the true stems of each excerpt: the upper bound of what stems can contribute."""
    from musearoo.tools.bench.analysis.stems import listen_with, read_stems

    return listen_with(read_stems)


def split_listener() -> Listen:
    """Return our fast pass with the stems of our separator without models."""
    from musearoo.tools.bench.analysis.stems import listen_with, split

    return listen_with(split)


def _ours(deep: bool) -> Listen:
    analyzer = FileAnalyzer(read_styles(home_folder() / "styles"), deep)
    if analyzer.why_not_deep:
        raise RuntimeError(analyzer.why_not_deep)
    return lambda path: answer_of(analyzer.analyze(path).analysis)


LISTENERS: Final[dict[str, Callable[[], Listen]]] = {
    "fast": fast_listener,
    "deep": deep_listener,
    "stems": stems_listener,
    "split": split_listener,
    "librosa": librosa_listener,
    "madmom": madmom_listener,
}
OURS: Final = ("fast", "deep", "stems", "split")
PEER_OF: Final = {"fast": "librosa", "deep": "madmom", "stems": "fast", "split": "fast"}
"""The peer of each analyzer: the library with comparable run time, or for stems our own pass without them."""


def main(arguments: list[str]) -> int:
    """Analyze files, each once, after a warm-up on the first."""
    name, *files = arguments
    listen = LISTENERS[name]()
    listen(Path(files[0]))
    for file in files:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = encode_answer(listen(Path(file)))
        took = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
        print(json.dumps({**answer, **took}), flush=True)
    print(json.dumps({"peak_mb": peak_megabytes()}), flush=True)
    return 0


if __name__ == "__main__":
    prepare_libraries(home_folder())
    sys.exit(main(sys.argv[1:]))
