"""What engines may spend: less where something is late several times, all again by itself, and nothing to and fro."""

from random import Random

from musearoo.bridge.requests.effort import LATE, LATE_TIMES, WITHIN, Efforts
from musearoo.engines.players.params import Effort

NAMES = ("drummaroo", "bassaroo")
CALM = 0.1
ALL = frozenset(NAMES)


def after(*strains: float, efforts: Efforts | None = None, start: float = 0.0, step: float = 1.0) -> Efforts:
    """The efforts after observations of what all engines depend on, one every `step` seconds."""
    efforts = efforts or Efforts.full(NAMES)
    for number, strain in enumerate(strains):
        efforts = efforts.observe(start + number * step, strain)
    return efforts


def test_several_late_observations_make_takes_lean_and_fewer_do_not() -> None:
    assert after(*[LATE] * (LATE_TIMES - 1)).lean == frozenset()
    assert after(*[LATE] * LATE_TIMES).lean == ALL
    assert after(*[0.99] * 100).lean == frozenset()


def test_late_observations_far_apart_do_not_count() -> None:
    assert after(*[LATE] * 100, step=WITHIN / (LATE_TIMES - 1) + 0.1).lean == frozenset()
    assert after(*[LATE] * LATE_TIMES, step=WITHIN / (LATE_TIMES - 1)).lean == ALL


def test_an_engine_is_lean_for_its_own_delays_and_the_others_are_full() -> None:
    efforts = Efforts.full(NAMES)
    for now in range(LATE_TIMES):
        efforts = efforts.observe(float(now), LATE, ["drummaroo", "an engine that there is not"])
    assert efforts.lean == {"drummaroo"}
    assert {name: load.effort for name, load in efforts.loads.items()} == {
        "drummaroo": Effort.LEAN,
        "bassaroo": Effort.FULL,
    }


def test_takes_are_full_again_by_themselves_and_only_after_a_while_without_delay() -> None:
    lean = after(*[LATE] * LATE_TIMES)
    last = LATE_TIMES - 1.0
    assert lean.observe(last + WITHIN, CALM).lean == ALL
    assert lean.observe(last + WITHIN + 0.1, CALM).lean == frozenset()
    late_once_more = lean.observe(last + WITHIN, LATE)
    assert late_once_more.observe(last + WITHIN + 0.1, CALM).lean == ALL
    assert lean.observe(last + 100.0, CALM) == Efforts.full(NAMES)


def test_a_machine_at_its_limit_does_not_make_engines_go_to_and_fro() -> None:
    # Every observation is as likely to be late as not: between two changes there is at least the time of calm.
    chance, efforts, changed = Random(3), Efforts.full(NAMES), list[float]()
    for number in range(20_000):
        now = number * 0.25
        before, efforts = efforts, efforts.observe(now, 2.0 * chance.random())
        if efforts.lean != before.lean:
            changed.append(now)
    assert len(changed) == 1
    # One late in twenty: it goes lean now and then, and stays at least as long as it takes to be calm.
    efforts, changed = Efforts.full(NAMES), []
    for number in range(20_000):
        now = number * 0.25
        before, efforts = efforts, efforts.observe(now, LATE if chance.random() < 0.05 else CALM)
        if efforts.lean != before.lean:
            changed.append(now)
    assert len(changed) > 2
    begun, ended = changed[0::2], changed[1::2]
    assert min(end - begin for begin, end in zip(begun, ended, strict=False)) > WITHIN


def test_nothing_changes_where_nothing_is_observed_that_matters() -> None:
    efforts = Efforts.full(NAMES)
    assert efforts.observe(1.0, CALM) is efforts
    assert efforts.observe(1.0, LATE, ["another"]) is efforts
