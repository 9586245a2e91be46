"""Listen: the ring is written first, then the order sent; and each way that can go wrong."""

import pytest

from musearoo.bridge.protocol import BeatBack, DeviceGot, Facts, Heard, Listen, LiveState
from tests.max_for_live.script.conftest import SESSION, Load, welcome
from tests.max_for_live.script.stage import Place, Sent, Stage, orders


def ring(sent: list[Sent]) -> list[list[object]]:
    """What was said to the ring."""
    return [each.atoms for each in sent if each.outlet == 3]


def sizes(sent: list[Sent]) -> list[object]:
    return [atoms[1] for atoms in ring(sent) if atoms[0] == "size"]


def press(stage: Stage) -> str:
    """Presses Listen; the path that the ring is written to, a moment after the face has shown it."""
    assert ring(stage.say("listen", "bang")) == []
    assert stage.status == "Listen …"
    ((word, path),) = ring(stage.wait(0.2))
    assert word == "write"
    return str(path)


def test_the_ring_is_written_then_told(stage: Stage) -> None:
    stage.echo(0, "prompt", ["prompt", "text", "more of it"])
    stage.say("listen_bars", 3), stage.say("listen_for", 1), stage.say("bars", 2)
    path = press(stage)
    assert stage.status == "Listen …"
    assert stage.bar > 0
    folder, _, name = path.rpartition("/")
    assert folder == "/tmp/captures"
    assert name.startswith("roo-")
    assert name.endswith("-1.wav")
    assert orders(stage.say("counter", 1_234_567)) == []
    (order,) = orders(stage.say("written", "bang"))
    assert order == Listen(SESSION, 1, name, 8, 1_234_567, 17, 26, 7, 8, 1, "more of it", 4)
    heard = Heard(1, 1, 0, 400.0, 97.0, 0.9, 4, 4, 0.8, "A minor", 0.7, 0, "97 BPM, A minor.")
    assert orders(stage.hear(heard)) == [DeviceGot(SESSION, 1)]
    assert stage.status == "97 BPM, A minor."
    assert stage.bar == 0


@pytest.mark.parametrize(
    ("bars", "beat"),
    [
        ("005.07.02.001", 17),  # four bars of 7/8, six eighths, a sixteenth: 17.25
        ("002.01.01.001", 3),  # the signature has changed before: the bar begins here all the same
        ("", 17),
        ("nonsense", 17),
    ],
)
def test_where_in_its_bar_the_song_is(join: Load, bars: str, beat: int) -> None:
    stage = join(Place(bars=bars))
    press(stage)
    stage.say("counter", 1)
    (order,) = orders(stage.say("written"))
    assert isinstance(order, Listen)
    assert order.beat == beat
    assert order.hundredths == {17: 26, 3: 51}[beat]


def test_a_patch_that_answers_at_once(stage: Stage) -> None:
    stage.echo(3, "write", ["counter", 7], ["written", "bang"])
    stage.say("listen", 1)
    (order,) = [each for each in orders(stage.wait(0.2)) if isinstance(each, Listen)]
    assert order.counter == 7


def test_a_second_press_waits_for_the_first(stage: Stage) -> None:
    press(stage)
    assert ring(stage.say("listen", 1)) == []
    assert stage.status.startswith("Listen is still writing")
    stage.say("counter", 1)
    assert len(orders(stage.say("written"))) == 1
    assert orders(stage.say("written")) == []
    assert press(stage).endswith("-2.wav")


def test_a_ring_that_is_never_written_is_said(stage: Stage) -> None:
    press(stage)
    for _ in range(6):
        stage.wait(1)
        stage.hear(BeatBack(SESSION, LiveState.READY))
    assert stage.status.startswith("Listen: Max did not write what was heard.")
    assert stage.bar == 0
    stage.say("counter", 1)
    assert orders(stage.say("written")) == []


def test_a_ring_without_its_counter_is_not_sent(stage: Stage) -> None:
    press(stage)
    assert orders(stage.say("written")) == []
    assert stage.status.startswith("Listen: Max did not write")


def test_cancel_while_the_ring_is_written(stage: Stage) -> None:
    press(stage)
    assert orders(stage.say("cancel", 1)) == []
    assert stage.status == "Listen: cancelled."
    stage.say("counter", 1)
    assert orders(stage.say("written")) == []


def test_cancel_before_the_ring_is_written(stage: Stage) -> None:
    stage.say("listen", 1)
    stage.say("cancel", 1)
    assert ring(stage.wait(1)) == []
    press(stage)


def test_the_face_has_half_a_tenth_to_show_it(stage: Stage) -> None:
    for early in (0.0, 0.03, 0.06, 0.09):
        stage.wait(early)
        pressed = stage.evaluate("now")
        stage.say("listen", 1)
        (sent,) = [each for each in stage.wait(0.3) if each.outlet == 3]
        assert 50 <= sent.at - pressed <= 150
        stage.say("cancel", 1)
        stage.say("counter", 1)
        stage.say("written")
        stage.hear(BeatBack(SESSION, LiveState.READY))


def test_what_it_needs(load: Load) -> None:
    stage = load()
    assert ring(stage.say("listen", 1)) == []
    assert stage.status.startswith("Listen needs the MuseAroo daemon")
    stage.hear(welcome(captures=""))
    assert ring(stage.say("listen", 1)) == []
    assert stage.status.startswith("The daemon has no folder")


def test_the_midi_device_has_no_ring(join: Load) -> None:
    stage = join(twin="midi")
    assert ring(stage.say("listen", 1)) == []
    assert stage.status.startswith("Only the audio device hears its track")
    assert sizes(stage.hear(Facts(20.0, 4, 4, "", "", LiveState.READY))) == []


def test_a_folder_of_windows_ends_in_one_slash(load: Load) -> None:
    stage = load()
    stage.hear(welcome(captures="C:/Users/Ä/captures/"))
    assert press(stage).startswith("C:/Users/Ä/captures/roo-")


@pytest.mark.parametrize(
    ("tempo", "numerator", "rate", "size"),
    [
        (120.0, 4, 48_000, None),  # 8 bars are 16 s
        (54.0, 4, 48_000, None),  # 35.6 s and something to spare
        (50.0, 4, 48_000, 43_000),
        (20.0, 4, 48_000, 100_000),
        (20.0, 16, 48_000, 200_000),  # as much memory as is asked for
        (20.0, 16, 192_000, 83_000),  # a round of the counter
        (20.0, 16, 0, 83_000),
    ],
)
def test_the_ring_grows_for_a_slow_tempo(join: Load, tempo: float, numerator: int, rate: int, size: int | None) -> None:
    stage = join()
    stage.say("sample_rate", rate)
    facts = Facts(tempo, numerator, 4, "", "", LiveState.READY)
    assert sizes(stage.hear(facts)) == ([] if size is None else [size])
    assert sizes(stage.hear(facts)) == sizes(stage.hear(Facts(120.0, 4, 4, "", "", LiveState.READY))) == []


def test_a_live_that_does_not_say_its_time(stage: Stage) -> None:
    press(stage)
    stage.evaluate("world.isBroken = true")
    stage.say("counter", 5)
    (order,) = orders(stage.say("written"))
    assert isinstance(order, Listen)
    assert (order.beat, order.numerator, order.denominator) == (-1, 0, 0)
    stage.put(Place())
