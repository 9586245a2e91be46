"""The report of a device's test of itself."""

from musearoo.bridge.protocol import LiveState
from musearoo.bridge.requests.self_test import FINE, Check, check_live, read_checks, write_checks


def test_a_report_that_is_written_is_read_again() -> None:
    checks = (Check("Track", FINE), Check("Ring", "no sound has come yet"))
    assert read_checks(write_checks(checks)) == checks


def test_a_live_that_is_there_is_fine_and_one_that_is_busy_or_away_says_what_to_do() -> None:
    assert check_live(LiveState.READY).works
    for shown, said in (
        (LiveState.BUSY, "close Live's menus"),
        (LiveState.AWAY, "choose MuseAroo as a control surface"),
    ):
        assert said in check_live(shown).outcome
        assert not check_live(shown).works
