"""Save plots by matplotlib, which is optional and therefore imported on first use."""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from musearoo import how_to_install
from musearoo.bridge.commands.reports.analysis_palette import BACKGROUND
from musearoo.bridge.settings.home_files import write_for_user
from musearoo.bridge.settings.library_environment import private_cache
from musearoo.engines.errors import EngineError, ParamError

DPI: Final = 140
FORMATS: Final = (".png", ".svg", ".pdf")


def new_figure(path: Path, size: tuple[float, float]) -> Any:
    """Return an empty matplotlib figure of a size in inches, to be saved at `path`.

    Raises ParamError for a file type that is not in FORMATS, EngineError if matplotlib is missing.
    """
    if path.suffix.lower() not in FORMATS:
        raise ParamError("plot", f"a file that ends in {', '.join(FORMATS)}", path.name)
    try:
        # On a full disk it warns that it cannot cache its list of fonts, which only costs time.
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        with private_cache("MPLCONFIGDIR"):
            from matplotlib.figure import Figure
    except ImportError as error:
        raise EngineError(
            f"a plot needs matplotlib, which is not installed: run {how_to_install('analysis')}."
        ) from error
    return Figure(figsize=size, dpi=DPI, facecolor=BACKGROUND)


def save_figure(figure: Any, path: Path) -> None:
    """Write the figure into the file; raises EngineError if it cannot be written."""
    picture = BytesIO()
    figure.savefig(picture, facecolor=BACKGROUND, format=path.suffix.lower().lstrip("."))
    try:
        write_for_user({path: picture.getvalue()})
    except OSError as error:
        raise EngineError(f"the plot {path} cannot be written: {error.strerror or error}.") from error
