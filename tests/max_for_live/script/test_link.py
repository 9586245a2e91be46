"""Hello and welcome, signs of life, and what the device says when nobody answers."""

from dataclasses import replace

import pytest

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Beat,
    BeatBack,
    Bye,
    Done,
    Facts,
    Failed,
    Generate,
    Got,
    Hello,
    LiveState,
    Please,
    Progress,
    Refusal,
    Refused,
    Told,
)
from musearoo.bridge.protocol.device_proof import is_hello_proven, prove_hello, prove_welcome
from musearoo.bridge.protocol.types import Message
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import KEY, SECRET, Place, Sent, Stage, orders

OTHER = "6f" * 32
"""The secret of another run of the daemon."""

LAMPS = {"off": 0, "alone": 1, "ready": 2, "working": 3}


def lamp(stage: Stage) -> str:
    """The state that the lamp shows."""
    looks = stage.evaluate("DEVICE.lamps")
    return next(name for name, state in LAMPS.items() if looks[state] == stage.shown["lamp"])


def key(port: int = 24_620, secret: str = SECRET) -> dict[str, str]:
    """The files of a user whose daemon listens there."""
    return dict.fromkeys(KEY, f"{port} {secret}\n")


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
    plain = Hello(hello.instance, hello.reply_port, WIRE_VERSION, "12.3.6", "My Song", 0, 1)
    assert hello == prove_hello(SECRET, plain)
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
    assert ports(later, 1) == []
    stage.hear(welcome())
    assert stage.status == "Ready."


def test_it_looks_quickly_at_first_then_every_two_seconds_for_ever(load: Load) -> None:
    stage = load()
    assert len(hellos(stage.wait(5.05))) == 10
    assert len(hellos(stage.wait(20))) == 10
    stage.wait(3600)
    assert 9 <= len(hellos(stage.wait(20))) <= 11
    assert stage.status == "No MuseAroo daemon: start it with “musearoo run” in a terminal."


def test_a_daemon_is_looked_for_where_the_key_says(load: Load) -> None:
    stage = load()
    stage.keep(key(29_003))
    stage.wait(0.6)
    assert ports(stage.sent, 1) == [24_620, 29_003]
    stage.hear(welcome())
    assert stage.shown["daemon"] == ["set", "daemon 0.1.0 on 29003"]
    stage.keep(key(29_004))
    stage.wait(2.7)
    assert stage.status.startswith("Offline")
    assert ports(stage.sent, 1)[-1] == 29_004


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


def test_a_daemon_that_was_restarted_is_greeted_by_its_own_secret(stage: Stage) -> None:
    """It answers no sign of life of a session that it does not know: a hello follows a third of a second later."""
    stage.keep(key(24_620, OTHER))
    assert not hellos(stage.wait(1.2))
    (hello,) = hellos(stage.wait(0.3))
    assert is_hello_proven(OTHER, hello)
    assert stage.status == "Ready."
    stage.hear(prove_welcome(OTHER, welcome(session=9), hello))
    (beat,) = [message for message in orders(stage.wait(1.1)) if isinstance(message, Beat)]
    assert beat.session == 9


def test_an_answered_sign_of_life_is_followed_by_no_hello_and_no_file_is_read(stage: Stage) -> None:
    stage.evaluate("opened = 0")
    for _ in range(4):
        assert not hellos(stage.wait(1))
        stage.hear(BeatBack(SESSION, LiveState.READY))
    assert stage.evaluate("opened") == 0


@pytest.mark.parametrize(
    "change", [{"session": 99}, {"hello": 2}, {"proof_1": 1}, {"proof_4": 0}], ids=lambda change: next(iter(change))
)
def test_a_welcome_without_a_proof_is_no_welcome(load: Load, change: dict[str, int]) -> None:
    stage = load()
    (hello,) = hellos(stage.sent)
    good = prove_welcome(SECRET, welcome(), hello)
    stage.hear(replace(good, **change))  # type: ignore[arg-type]
    stage.hear(prove_welcome(OTHER, welcome(), hello))
    assert stage.status == "Looking for the MuseAroo daemon …"
    assert stage.complaints == []
    stage.hear(good)
    assert stage.status == "Ready."


def test_a_welcome_that_was_given_before_counts_no_more(stage: Stage) -> None:
    first = hellos(stage.sent)[0]
    stage.wait(2.7)
    assert stage.status.startswith("Offline")
    stage.hear(prove_welcome(SECRET, welcome(), first))
    assert stage.status.startswith("Offline")
    stage.hear(welcome())
    assert stage.status == "Ready."


def test_each_hello_is_another_one(load: Load) -> None:
    stage = load()
    stage.wait(5)
    assert [hello.number for hello in hellos(stage.sent)] == list(range(1, 12))
    assert all(is_hello_proven(SECRET, hello) for hello in hellos(stage.sent))


def test_a_second_daemon_that_answers_late_is_ignored(stage: Stage) -> None:
    stage.hear(welcome(session=99))
    (beat,) = [message for message in orders(stage.wait(1.1)) if isinstance(message, Beat)]
    assert beat.session == SESSION


def test_without_a_key_it_says_so_and_nothing_is_sent(load: Load) -> None:
    stage = load()
    stage.keep({})
    stage.sent.clear()
    stage.wait(3)
    said = "The device may not read MuseAroo’s key file: start the daemon (“musearoo run”), or run “musearoo doctor”."
    assert stage.status == said
    assert hellos(stage.sent) == []
    stage.say("talk", 1)
    assert stage.status == said
    stage.keep(key())
    stage.wait(0.6)
    stage.hear(welcome())
    assert stage.status == "Ready."


FORGED: list[Message] = [
    Got(1, SESSION + 1),
    Done(1, 1, 23.4, 10.0, 13.4, 64, 4, 0, "forged", SESSION + 1),
    Failed(1, 1, Refusal.NO_LIVE, "forged", SESSION + 1),
    Progress(1, 0.9, "forged", SESSION + 1),
    Progress(0, 0.9, "forged", SESSION + 1),
    Told(0, 0, "forged", SESSION + 1),
    Please(SESSION + 1, 1, "self_test", 0),
    Facts(100.0, 7, 8, "forged", "", LiveState.AWAY, SESSION + 1),
    BeatBack(SESSION + 1, LiveState.AWAY),
    Refused(Refusal.WRONG_VERSION, "forged"),
]
"""What any process of this machine can send to a device's port; it does not know the session."""


def test_what_names_another_session_changes_nothing(stage: Stage) -> None:
    stage.say("drums", "bang")
    stage.wait(0.1)
    for message in FORGED:
        assert stage.hear(message) == [], message
    assert stage.status == "Drums …"
    assert stage.complaints == []


DEVICE = "User Library/Presets/Audio Effects/Max Audio Effect/MuseAroo.amxd"
POINTER = "User Library/Presets/Audio Effects/Max Audio Effect/MuseAroo folder.txt"
MAC_FOLDER = "Library/Application Support/MuseAroo/device_key.txt"
WINDOWS_FOLDER = "AppData/Roaming/MuseAroo/device_key.txt"
ANNA = "Macintosh HD:/Users/anna"


@pytest.mark.parametrize(
    ("os", "path", "where", "pointer"),
    [
        ("macintosh", "", f"~:/{MAC_FOLDER}", ""),
        ("windows", "", f"~:/{WINDOWS_FOLDER}", ""),
        ("macintosh", f"{ANNA}/Music/Ableton/{DEVICE}", f"{ANNA}/{MAC_FOLDER}", ""),
        ("macintosh", f"/Users/anna/Projects/A Project/{DEVICE}", f"/Users/anna/{MAC_FOLDER}", ""),
        ("windows", f"C:/Users/anna/Documents/Ableton/{DEVICE}", f"C:/Users/anna/{WINDOWS_FOLDER}", ""),
        ("windows", "C:\\Users\\anna\\MuseAroo.amxd", f"C:\\Users\\anna/{WINDOWS_FOLDER}", ""),
        ("macintosh", f"{ANNA}/{DEVICE}", "/opt/höme/device_key.txt", f"{ANNA}/{POINTER} file:///opt/h%C3%B6me\n"),
        ("windows", f"D:/{DEVICE}", "D:/my home/device_key.txt", f"D:/{POINTER} file:///D:/my%20home\n"),
        (
            "windows",
            f"D:/{DEVICE}",
            "//server/anna/MuseAroo/device_key.txt",
            f"D:/{POINTER} file://server/anna/MuseAroo",
        ),
    ],
)
def test_the_key_is_found_wherever_max_gets_to_it(source: str, os: str, path: str, where: str, pointer: str) -> None:
    files = {where: f"24620 {SECRET}\n"}
    if pointer:
        name, _, text = pointer.rpartition(" ")
        files[name] = text
    stage = Stage(source, os=os, path=path, files=files)
    stage.say("loaded")
    (hello,) = hellos(stage.sent)
    assert is_hello_proven(SECRET, hello)
    assert stage.complaints == []


@pytest.mark.parametrize(
    "text", ["", "24620", "24620 short", "port " + "5e" * 32, "24620 " + "5e" * 200, "file:///%FF%E4"]
)
def test_a_file_that_holds_no_key_is_none(source: str, text: str) -> None:
    path = f"{ANNA}/{DEVICE}"
    stage = Stage(source, path=path, files={f"~:/{MAC_FOLDER}": text, f"{ANNA}/{POINTER}": text})
    stage.say("loaded")
    stage.wait(3)
    assert hellos(stage.sent) == []
    assert stage.status.startswith("The device may not read")
    assert stage.complaints == []


def test_of_two_keys_each_is_tried(source: str) -> None:
    """The home was moved and the file of before lies where it was."""
    path = f"{ANNA}/{DEVICE}"
    files = {f"~:/{MAC_FOLDER}": f"24620 {OTHER}\n", f"{ANNA}/{MAC_FOLDER}": f"29003 {SECRET}\n"}
    stage = Stage(source, path=path, files=files)
    stage.say("loaded")
    assert is_hello_proven(OTHER, hellos(stage.sent)[0])
    (hello,) = hellos(stage.wait(0.6))
    assert is_hello_proven(SECRET, hello)
    stage.hear(welcome())
    assert stage.shown["daemon"] == ["set", "daemon 0.1.0 on 29003"]


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
    leave_unanswered(stage)
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
