"""The plot of a load."""

from pathlib import Path

import pytest

from musearoo.engines.errors import ParamError
from tests.optional import require

require("fastapi", "matplotlib", "sqlalchemy", "websockets")

from musearoo.tools.bench.load.drawing import draw_load
from musearoo.tools.bench.load.scaling import Law, Point
from tests.tools.bench.load.some_runs import some_offers

LAW = Law(120.0, 0.4, 0.002, 1.0)
POINTS = {composers: [Point(users, composers * LAW.at(users)) for users in (1, 2, 4, 8, 16)] for composers in (1, 2)}


def test_both_panels_or_one_are_drawn(tmp_path: Path) -> None:
    sizes = []
    for name, points, offered in (("both", POINTS, some_offers()), ("law", POINTS, []), ("knee", {}, some_offers())):
        path = tmp_path / f"{name}.png"
        draw_load(path, points, offered, 1, "load average 0.10 on 2 cores")
        assert path.read_bytes().startswith(b"\x89PNG"), name
        sizes.append(path.stat().st_size)
    assert min(sizes) > 10_000
    assert len(set(sizes)) == 3


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamError, match="plot must be a file that ends in"):
        draw_load(tmp_path / "load.gif", POINTS, [], 1, "")
