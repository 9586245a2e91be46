"""The fit of the Universal Scalability Law."""

import math

import pytest

from musearoo.engines.errors import EngineError
from tests.optional import require

require("fastapi", "sqlalchemy", "websockets")

from musearoo.tools.bench.load.scaling import Law, Point, fit_law, law_rows

LEVELS = (1, 2, 4, 8, 16, 32)


def test_a_law_is_found_again_in_its_own_points() -> None:
    for rate, contention, coherence in ((120.0, 0.4, 0.0), (120.0, 0.05, 0.002), (900.0, 0.8, 0.01)):
        law = Law(rate, contention, coherence, 1.0)
        found = fit_law([Point(users, law.at(users)) for users in LEVELS])
        case = (rate, contention, coherence)
        assert (found.rate, found.contention) == pytest.approx((rate, contention), rel=0.02), case
        assert found.coherence == pytest.approx(coherence, abs=1e-4), case
        assert found.fit == pytest.approx(1.0, abs=1e-3), case


def test_the_peak_is_where_more_users_get_less() -> None:
    law = Law(100.0, 0.1, 0.01, 1.0)
    assert law.peak == pytest.approx(math.sqrt(0.9 / 0.01))
    assert law.at(law.peak) > max(law.at(law.peak - 1), law.at(law.peak + 1))
    assert Law(100.0, 0.1, 0.0, 1.0).peak == math.inf


def test_noise_lowers_what_the_fit_explains() -> None:
    law = Law(100.0, 0.3, 0.001, 1.0)
    points = [Point(users, law.at(users) * (1.1 if number % 2 else 0.9)) for number, users in enumerate(LEVELS * 2)]
    found = fit_law(points)
    assert 0.5 < found.fit < 0.99
    assert law_rows(1, points)[1].note == f"fitted; R² {found.fit:.3f}"


def test_too_few_points_are_refused() -> None:
    with pytest.raises(EngineError, match="needs four points, but there are 3"):
        fit_law([Point(1, 100.0), Point(2, 150.0), Point(4, 180.0)])
