"""Read the analysis networks' weights from their files; the engines themselves read no files."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from musearoo.engines.analysis.fast.analyzer import Learned
from musearoo.engines.styles.schema import Style


def read_learned(styles: Mapping[str, Style]) -> Learned:
    """Read the weights of the activation and harmony networks; `styles` are passed through."""
    folder = resources.files("musearoo.engines.analysis.fast")
    return Learned.of(
        ear=folder.joinpath("activation", "weights.npz").read_bytes(),
        harmony=folder.joinpath("harmony", "weights.npz").read_bytes(),
        styles=styles,
    )
