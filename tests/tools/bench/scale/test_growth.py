"""The exponents of growth, and the plot of them."""

from pathlib import Path

import pytest

from musearoo.engines.errors import ParamError
from musearoo.tools.bench.scale.growth import FLAT, fit_exponent, growth_rows
from musearoo.tools.bench.scale.runner import SIZES
from tests.optional import require
from tests.tools.bench.scale.some_measures import measured, some_measures


def test_the_exponent_is_that_of_the_law() -> None:
    sizes = [1000.0, 10_000.0, 20_000.0]
    for exponent in (-0.5, 0.0, 0.1, 1.0, 2.0):
        assert fit_exponent(sizes, [3.0 * size**exponent for size in sizes]) == pytest.approx(exponent, abs=1e-9)
    assert fit_exponent(sizes, [1.0, None, 2.0]) is None


def test_what_grows_with_the_set_misses_its_target() -> None:
    flat = {row.name: row for row in growth_rows(some_measures())}
    assert [flat[name].met for name in ("reading a request, p50", "composed, p50")] == [True, True]
    assert flat["mirror whole"].ours == pytest.approx(1.0)
    assert flat["mirror whole"].met is None
    growing = [measured(size, growth=1.5**number) for number, size in enumerate(SIZES)]
    composed = next(row for row in growth_rows(growing) if row.name == "composed, p50")
    assert (composed.ours or 0.0) > FLAT
    assert composed.met is False


def test_without_a_systems_figures_there_is_no_exponent() -> None:
    rows = growth_rows([measured(size, memory=None) for size in SIZES])
    assert next(row.ours for row in rows if row.name == "memory of the daemon") is None


def test_the_plot_is_drawn_with_and_without_memory(tmp_path: Path) -> None:
    require("matplotlib")
    from musearoo.tools.bench.scale.drawing import draw_scale

    sizes = []
    for name, found in (("all", some_measures()), ("less", [measured(size, memory=None) for size in SIZES])):
        path = tmp_path / f"{name}.png"
        draw_scale(path, found, "load average 0.10 on 2 cores")
        assert path.read_bytes().startswith(b"\x89PNG"), name
        sizes.append(path.stat().st_size)
    assert min(sizes) > 10_000
    assert len(set(sizes)) == 2
    with pytest.raises(ParamError, match="plot must be a file that ends in"):
        draw_scale(tmp_path / "scale.gif", some_measures(), "")
