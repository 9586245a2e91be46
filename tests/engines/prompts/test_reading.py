from dataclasses import fields
from typing import Any

from musearoo.engines.prompts.reading import PromptReading, read_prompt
from tests.each_case import each_case
from tests.engines.prompts.lexicon_on_disk import LEXICON
from tests.engines.prompts.prompts import PROMPTS

# What is not a matter of understanding, but of how it is told.
APART = ("text", "description", "genre", "messages")
# What a mood adds to them is compared where the table names it.
AMOUNTS = ("energy", "complexity", "density", "darkness", "pace")


def understood(reading: PromptReading) -> dict[str, Any]:
    """Return the fields of a reading that differ from those of an empty prompt; instruments by name."""
    empty = PromptReading(text="", description="")
    found = {field.name: getattr(reading, field.name) for field in fields(reading) if field.name not in APART}
    differing = {name: value for name, value in found.items() if value != getattr(empty, name)}
    if "instruments" in differing:
        differing["instruments"] = tuple(instrument.name for instrument in reading.instruments)
    return differing


@each_case("text, expected", PROMPTS)
def test_a_prompt_is_understood_as_a_musician_means_it(text: str, expected: dict[str, Any]) -> None:
    found = understood(read_prompt(text, LEXICON))
    for amount in AMOUNTS:
        if amount not in expected:
            found.pop(amount, None)
    assert found == expected
