"""That models of random weights have the size of the real ones."""

from typing import Any

import pytest

from tests.optional import require

require("demucs")

from demucs.htdemucs import HTDemucs

from musearoo.tools.bench.stems.random_demucs import FOUR, REAL, REAL_SIX, SIX


@pytest.mark.long
@pytest.mark.parametrize(
    ("sources", "size", "values"),
    [(FOUR, REAL, 41_984_456), (SIX, REAL_SIX, 27_414_996)],
    ids=["htdemucs", "htdemucs_6s"],
)
def test_they_have_as_many_values_as_the_published_ones(
    sources: tuple[str, ...], size: dict[str, Any], values: int
) -> None:
    assert sum(one.numel() for one in HTDemucs(list(sources), **size).parameters()) == values
