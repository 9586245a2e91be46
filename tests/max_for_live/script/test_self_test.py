"""The Self-test button: what it looks at, and what it says of what does not work."""

from musearoo.bridge.protocol import Beat, BeatBack, Done, LiveState, SelfTest
from musearoo.bridge.requests.self_test import read_checks
from tests.max_for_live.script.conftest import SESSION, Load
from tests.max_for_live.script.stage import Stage, orders


def run(stage: Stage, *, answers: bool = True) -> dict[str, str]:
    """Presses the button and lets the daemon answer; the checks by name, without the figures in them."""
    assert orders(stage.say("self_test", "bang")) == []
    assert stage.status == "Self-test …"
    assert [type(message) for message in orders(stage.wait(0.1))] == [Beat]
    stage.wait(0.02)
    if answers:
        stage.hear(BeatBack(SESSION, LiveState.READY))
    report = next(message for message in orders(stage.wait(1.2)) if isinstance(message, SelfTest))
    return {check.name: check.outcome for check in read_checks(report.results)}


def test_all_works(stage: Stage) -> None:
    stage.echo(3, "count", ["counter", 99])
    checks = run(stage)
    assert checks == {
        "Live's interface": "ok",
        "Track": "ok",
        "Parameters": "ok",
        "Version": "ok",
        "Daemon and back 20 ms": "ok",
        "Ring": "ok",
        "Reaction 0 ms": "ok",
    }
    stage.hear(Done(1, 1, 0.0, 0.0, 0.0, 0, -1, -1, "Self-test: all 8 checks work."))
    assert stage.status == "Self-test: all 8 checks work."


def test_the_midi_device_has_no_ring_to_test(join: Load) -> None:
    assert "Ring" not in run(join(twin="midi"))


def test_what_does_not_work_is_said(stage: Stage) -> None:
    stage.evaluate("world.isBroken = true")
    checks = run(stage, answers=False)
    assert {name for name, outcome in checks.items() if outcome != "ok"} == {
        *("Live's interface", "Track", "Parameters", "Daemon and back", "Ring")
    }


def test_a_slow_reaction_is_said(stage: Stage) -> None:
    # Reading Live takes 80 ms.
    stage.evaluate(
        "var quick = LiveAPI.prototype.getcount; LiveAPI.prototype.getcount = function (name) {"
        " now += 80; return quick.call(this, name); }; 0"
    )
    assert run(stage)["Reaction 80 ms"] == "50 are meant"


def test_without_a_daemon_it_says_what_it_can(load: Load) -> None:
    stage = load()
    stage.echo(3, "count", ["counter", 99])
    stage.say("self_test", 1)
    assert not [message for message in orders(stage.wait(1.4)) if isinstance(message, Beat)]
    assert stage.status.startswith("Self-test: 5 of 5 checks work, but there is no MuseAroo daemon")


def test_a_second_press_while_it_runs_changes_nothing(stage: Stage) -> None:
    for _ in range(3):
        assert orders(stage.say("self_test", 1)) == []
        stage.wait(0.04)
    assert len([message for message in orders(stage.sent) if isinstance(message, Beat)]) == 1
