"""Hello and welcome, signs of life, and what the device says when nobody answers."""

import itertools

import pytest

from bridge.wire import (
    PORTS_TO_TRY,
    WIRE_VERSION,
    Beat,
    BeatBack,
    Bye,
    Done,
    Facts,
    Generate,
    Hello,
    LiveState,
    Refusal,
    Refused,
    Stranger,
)
from tests.max_for_live.script.conftest import SESSION, Load, welcome
from tests.max_for_live.script.stage import Place, Sent, Stage, orders

LAMPS = {"off": 0, "alone": 1, "ready": 2, "working": 3}


def lamp(stage: Stage) -> str:
    """The state that the lamp shows."""
    looks = stage.evaluate("DEVICE.lamps")
    return next(name for name, state in LAMPS.items() if looks[state] == stage.shown["lamp"])


def hellos(sent: list[Sent]) -> list[Hello]:
    return [message for message in orders(sent) if isinstance(message, Hello)]


def ports(sent: list[Sent], outlet: int) -> list[int]:
    return [each.atoms[1] for each in sent if each.outlet == outlet and each.atoms[0] == "port"]


def test_nothing_happens_before_live_is_there(source: str) -> None:
    stage = Stage(source)
    for name in ("drums", "talk", "cancel", "self_test", "written", "counter"):
        stage.say(name, 1)
    stage.hear(welcome())
    stage.wait(5)
    assert stage.sent == []
    assert stage.complaints == []


def test_the_first_hello_says_who_is_there(load: Load) -> None:
    stage = load()
    (hello,) = hellos(stage.sent)
    assert hello == Hello(hello.instance, hello.reply_port, WIRE_VERSION, "12.3.6", "My Song", 0)
    assert ports(stage.sent, 2) == [hello.reply_port]
    assert 24700 <= hello.reply_port < 25700
    assert ports(stage.sent, 1) == [24620]
    assert stage.status == "Looking for the MuseAroo daemon …"
    assert stage.shown["daemon"] == ["set", "no daemon"]
    assert lamp(stage) == "off"


def test_a_second_loaded_changes_nothing(stage: Stage) -> None:
    assert stage.say("loaded") == []


def test_two_copies_have_their_own_names_and_ports_even_if_they_draw_the_same(source: str) -> None:
    # What they draw begins with the millisecond in which they are loaded.
    first, other = Stage(source), Stage(source, place=Place(racks=("devices 1", "chains 0")))
    first.say("loaded"), other.say("loaded")
    (one,), (two,) = hellos(first.sent), hellos(other.sent)
    assert one.instance != two.instance
    assert one.reply_port != two.reply_port


def test_a_welcome_shows_the_daemon(load: Load) -> None:
    stage = load()
    stage.hear(welcome())
    assert stage.status == "Ready."
    assert stage.shown["daemon"] == ["set", "daemon 0.1.0 on 24620"]
    assert lamp(stage) == "ready"


def test_a_reply_port_that_is_taken_is_left_after_half_a_second(load: Load) -> None:
    # udpreceive says nothing when it cannot listen: no welcome is all that is seen.
    stage = load()
    first = hellos(stage.sent)[0]
    stage.wait(0.45)
    assert len(hellos(stage.sent)) == 1
    later = stage.wait(0.1)
    (hello,) = hellos(later)
    assert hello.reply_port != first.reply_port
    assert ports(later, 2) == [hello.reply_port]
    assert ports(later, 1) == [], "the daemon's own port is tried again before others"
    stage.hear(welcome())
    assert stage.status == "Ready."


def test_every_port_of_the_daemon_is_tried_and_its_own_never_long_neglected(load: Load) -> None:
    stage = load()
    stage.wait(25)
    tried = [each.atoms[1] for each in stage.sent if each.outlet == 1 and each.atoms[0] == "port"]
    assert set(tried) == set(range(24620, 24620 + PORTS_TO_TRY))
    assert all(24620 in pair for pair in itertools.pairwise(tried))


def test_it_looks_quickly_at_first_then_every_two_seconds_for_ever(load: Load) -> None:
    stage = load()
    assert len(hellos(stage.wait(5.05))) == 10
    assert len(hellos(stage.wait(20))) == 10
    stage.wait(3600)
    assert 9 <= len(hellos(stage.wait(20))) <= 11
    assert stage.status == "No MuseAroo daemon: start it with “musearoo run” in a terminal."


def test_a_daemon_on_another_port_is_found_and_kept(load: Load) -> None:
    stage = load()
    while ports(stage.sent, 1)[-1] != 24622:
        stage.wait(0.1)
    stage.hear(welcome())
    assert stage.shown["daemon"] == ["set", "daemon 0.1.0 on 24622"]
    stage.wait(2.7)
    assert stage.status.startswith("Offline")
    assert ports(stage.sent, 1)[-1] == 24622, "after it was lost it is looked for where it was"


def test_a_reply_port_that_worked_is_kept_for_a_while(stage: Stage) -> None:
    stage.wait(2.6)
    assert stage.status.startswith("Offline")
    assert ports(stage.wait(2.0), 2) == []
    assert len(ports(stage.wait(2.0), 2)) > 0


def test_it_gives_a_sign_of_life_every_second(stage: Stage) -> None:
    beats = []
    for _ in range(10):
        beats += [message for message in orders(stage.wait(1)) if isinstance(message, Beat)]
        stage.hear(BeatBack(SESSION, LiveState.READY))
    assert 9 <= len(beats) <= 10
    assert beats[0].session == SESSION
    assert stage.status == "Ready."


def test_silence_shows_offline_and_an_answer_ends_that(stage: Stage) -> None:
    stage.wait(2.4)
    assert stage.status == "Ready."
    later = stage.wait(0.4)
    assert stage.status.startswith("Offline: the MuseAroo daemon does not answer.")
    assert lamp(stage) == "off"
    assert stage.shown["daemon"] == ["set", "no daemon"]
    assert hellos(later), "it says hello at once"
    stage.hear(welcome())
    assert stage.status == "Ready."
    assert lamp(stage) == "ready"


def test_a_live_that_stood_still_heard_nothing_and_does_not_blame_the_daemon(stage: Stage) -> None:
    stage.evaluate("now += 60000")
    assert all(isinstance(message, Beat) for message in orders(stage.wait(0.2)))
    assert stage.status == "Ready."


def test_a_clock_that_is_set_back_stops_nothing(stage: Stage) -> None:
    stage.evaluate("now -= 3600000; tasks.forEach(function (task) { task.due -= 3600000; }); 0")
    assert [type(message) for message in orders(stage.wait(1.1))] == [Beat]


def test_a_daemon_that_was_restarted_is_greeted_at_once(stage: Stage) -> None:
    later = stage.hear(Stranger(SESSION))
    assert len(hellos(later)) == 1
    stage.hear(welcome(session=9))
    (beat,) = [message for message in orders(stage.wait(1.1)) if isinstance(message, Beat)]
    assert beat.session == 9


def test_somebody_elses_stranger_is_ignored(stage: Stage) -> None:
    assert stage.hear(Stranger(SESSION + 1)) == []


def test_a_second_daemon_that_answers_late_is_ignored(stage: Stage) -> None:
    stage.hear(welcome(session=99))
    (beat,) = [message for message in orders(stage.wait(1.1)) if isinstance(message, Beat)]
    assert beat.session == SESSION


def test_another_version_is_said_once_and_looked_for_slowly(load: Load) -> None:
    stage = load()
    sentence = "This MuseAroo device speaks version 6 and the daemon version 7: install both from the same release."
    for _ in range(8):
        stage.hear(Refused(Refusal.WRONG_VERSION, sentence))
        stage.wait(4)
    assert stage.status == sentence
    assert sum(each.atoms[:1] == ["status"] for each in stage.sent) == 2, "looking, then the refusal"
    assert len(hellos(stage.wait(4))) == 2
    stage.hear(welcome())
    assert stage.status == "Ready."


def test_what_a_daemon_refused_is_said_of_presses_too_until_it_is_past(load: Load) -> None:
    stage = load()
    refused = Refused(Refusal.WRONG_VERSION, "Install both from the same release.")
    for _ in range(8):
        stage.hear(refused)
        for button in ("drums", "talk", "listen"):
            stage.say(button, 1)
            assert stage.status == refused.sentence
        stage.say("talk", 0)
        stage.wait(2)
    assert stage.status == refused.sentence
    stage.wait(20)
    assert stage.status.startswith("Drums: given up. No MuseAroo daemon")
    stage = load()
    stage.hear(refused)
    stage.wait(8)
    assert stage.status == refused.sentence
    stage.wait(4)
    assert stage.status.startswith("No MuseAroo daemon")


@pytest.mark.parametrize(
    ("live", "said", "shown"),
    [(LiveState.AWAY, "Live's script is away", "alone"), (LiveState.BUSY, "Live is busy", "working")],
)
def test_it_says_what_is_with_live(stage: Stage, live: LiveState, said: str, shown: str) -> None:
    stage.hear(BeatBack(SESSION, live))
    assert stage.status.startswith(said)
    assert lamp(stage) == shown
    stage.hear(BeatBack(SESSION, LiveState.READY))
    assert stage.status == "Ready."
    assert lamp(stage) == "ready"


@pytest.mark.parametrize(
    ("chords", "shown"),
    [
        ("", "–"),
        ("Am", "Am"),
        ("Am7 D9 Gmaj7", "Am7 D9 Gmaj7"),
        ("Am F C G Dm", "Am F C G Dm"),
        ("Am F C G Dm Em7", "Am F C G Dm …"),
        ("Am7 Dm7 Gm7 Em9", "Am7 Dm7 Gm7 …"),
        ("Am7 Dm7 Gm7 Em", "Am7 Dm7 Gm7 Em"),
        ("Bbmaj7#11/D Ebm7b5/A", "Bbmaj7#11/D …"),
        ("Ebm7b5add13/Gb C", "Ebm7b5add13/Gb …"),
    ],
)
def test_no_chord_is_cut_in_two(stage: Stage, chords: str, shown: str) -> None:
    stage.hear(Facts(97.5, 7, 8, "A minor", chords, LiveState.READY))
    assert stage.shown["chords"][1] == shown


def test_what_a_press_came_to_is_seen_again_when_live_is_back(stage: Stage) -> None:
    stage.say("drums", "bang")
    stage.hear(Done(1, 1, 23.4, 20.0, 3.4, 32, -1, -1, "funk drums"))
    for live in (LiveState.BUSY, LiveState.AWAY, LiveState.AWAY, LiveState.READY):
        stage.hear(BeatBack(SESSION, live))
    assert stage.status == "Drums: funk drums, 23 ms"


def test_a_welcome_says_what_is_with_live(load: Load) -> None:
    stage = load()
    stage.hear(welcome(live=LiveState.BUSY))
    assert stage.status.startswith("Live is busy")
    stage.hear(Stranger(SESSION))
    stage.hear(welcome(session=9, live=LiveState.BUSY))
    assert stage.status.startswith("Live is busy")
    stage.hear(BeatBack(9, LiveState.READY))
    assert stage.status == "Ready."


def test_what_is_known_of_the_set_is_shown(stage: Stage) -> None:
    stage.hear(Facts(97.5, 7, 8, "A minor", "Am F C G", LiveState.READY))
    assert stage.complaints == []
    texts = {name: stage.shown[name][1] for name in ("tempo", "key", "chords")}
    assert texts == {"tempo": "97.5 BPM 7/8", "key": "A minor", "chords": "Am F C G"}
    assert stage.hear(Facts(97.5, 7, 8, "A minor", "Am F C G", LiveState.READY)) == [], "nothing is shown twice"
    stage.hear(Facts(97.5, 7, 8, "", "", LiveState.AWAY))
    assert [stage.shown[name][1] for name in ("tempo", "key", "chords")] == ["–", "–", "–"]


@pytest.mark.parametrize("way", ["closing", "notifydeleted"])
def test_it_says_good_bye_once(stage: Stage, way: str) -> None:
    assert orders(stage.say(way)) == [Bye(SESSION)]
    assert stage.say("closing") == stage.say("notifydeleted") == stage.say("drums", "bang") == stage.wait(10) == []


def test_a_set_that_is_saved_under_another_name_is_told(stage: Stage) -> None:
    stage.put(Place(set_name="New Name"))
    names = []
    for _ in range(6):
        names += [hello.set_name for hello in hellos(stage.wait(1))]
        stage.hear(BeatBack(SESSION, LiveState.READY))
    assert names == ["New Name"]


def test_the_sample_rate_is_told_when_it_is_known(source: str) -> None:
    stage = Stage(source)
    stage.say("sample_rate", 44100)
    stage.say("loaded")
    stage.hear(welcome())
    assert [hello.sample_rate for hello in hellos(stage.sent)] == [44100]
    assert [hello.sample_rate for hello in hellos(stage.say("sample_rate", 96000.0))] == [96000]


def test_a_live_that_says_nothing_is_borne(source: str) -> None:
    stage = Stage(source)
    stage.evaluate("world.isBroken = true")
    stage.say("loaded")
    (hello,) = hellos(stage.sent)
    assert (hello.live_version, hello.set_name) == ("", "")
    stage.hear(welcome())
    stage.say("drums", "bang")
    assert isinstance(orders(stage.sent)[-1], Generate)
    assert stage.complaints == []
