import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.prompts.seeds import MOST, take_seeds
from tests.each_case import each_case


@each_case("seed", [0, 7, MOST])
def test_a_take_has_the_same_seed_however_many_are_made(seed: int) -> None:
    many = take_seeds(seed, 50)
    assert many[0] == seed
    assert len(set(many)) == 50
    assert all(0 <= one <= MOST for one in many)
    assert all(take_seeds(seed, count) == many[:count] for count in range(1, 50))


def test_what_is_no_seed_and_no_number_of_takes_is_refused() -> None:
    with pytest.raises(ParamError, match="seed must be 0 to 2147483647, but was -1"):
        take_seeds(-1, 1)
    with pytest.raises(ParamError, match="takes must be 1 or more, but was 0"):
        take_seeds(1, 0)
