"""Runs as a stage would measure them."""

from musearoo.tools.bench.load.knee import Offered
from musearoo.tools.bench.load.messages import Ran
from musearoo.tools.bench.load.stage import Measured
from musearoo.tools.bench.processes import Usage


def some_run(milliseconds: float, takes: int = 100, refused: int = 0, lost: int = 0) -> Measured:
    """A run of 10 s in which every take came after so many milliseconds."""
    statuses = {200: takes} | ({503: refused} if refused else {})
    ran = Ran(10.0, takes + refused + lost, [milliseconds] * takes, [0.1] * takes, statuses, lost)
    usage = {"server": Usage(1, 1.0, 90.0, 70.0), "composer 1": Usage(2, 5.0, 80.0, 60.0)}
    return Measured(ran, {"server": 0.2, "composer 1": 0.5, "clients": 0.05}, usage, 10.0)


def some_offers() -> list[Offered]:
    """Four rates: two good ones, then one that is late, then one that is refused."""
    return [
        Offered(50.0, some_run(8.0)),
        Offered(100.0, some_run(20.0)),
        Offered(150.0, some_run(400.0)),
        Offered(200.0, some_run(200.0, refused=5)),
    ]
