"""Properties of the drummers in all presets."""

from musearoo.engines.styles.preset import Range
from musearoo.engines.styles.schema import Style
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

AMOUNTS = (0.0, 0.25, 0.5, 0.75, 1.0)
ENERGIES = (0.25, 0.5, 0.75)


def suits(bounds: Range, amount: float) -> bool:
    return bounds[0] <= amount <= bounds[1]


@each_case("style", STYLES.values())
def test_there_is_something_to_play_in_verse_and_chorus(style: Style) -> None:
    """The engine would find something else, but then complexity or energy would say nothing there."""
    for energy in ENERGIES:
        for amount in AMOUNTS:
            for chosen, bounds in (
                ("groove", [(each.energy, each.complexity) for each in style.drums.grooves]),
                ("timekeeper", [(each.energy, each.density) for each in style.drums.timekeepers]),
                ("fill", [(each.energy, each.complexity) for each in style.drums.fills]),
            ):
                assert any(suits(loud, energy) and suits(busy, amount) for loud, busy in bounds), (
                    f"no {chosen} at energy {energy} for {amount}"
                )


def test_no_two_styles_have_the_same_drummer() -> None:
    grooves = [groove for style in STYLES.values() for groove in style.drums.grooves]
    rows = [(groove.kick, groove.snare, groove.cross_stick, groove.clap, groove.ghosts) for groove in grooves]
    shared = [groove.name for groove, row in zip(grooves, rows, strict=True) if rows.count(row) > 1]
    assert len(shared) <= 6, shared  # a bare four on the floor, or a kick on the one, is nobody's own
    drummers = [style.drums.grooves for style in STYLES.values()]
    assert all(drummers.count(grooves) == 1 for grooves in drummers)


@each_case("style", STYLES.values())
def test_machines_have_no_hands(style: Style) -> None:
    if style.drums.players == "machine":
        ornaments = style.drums.ornaments
        assert (ornaments.flams, ornaments.drags, ornaments.buzzes) == (0, 0, 0)
        if style.name != "ambient":
            assert style.feel.drift <= 2
            assert style.feel.jitter <= 4


@each_case("style", STYLES.values())
def test_a_drummer_has_choices(style: Style) -> None:
    drums = style.drums
    assert len(drums.grooves) >= 2
    assert len(drums.timekeepers) >= 2
    assert len(drums.fills) >= 3
    for chosen in (drums.grooves, drums.timekeepers, drums.fills):
        names = [choice.name for choice in chosen]
        assert len(set(names)) == len(names)
