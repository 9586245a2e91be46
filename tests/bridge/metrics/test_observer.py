"""What the daemon's metrics count, as the conductor's events and effects happen."""

import time
from dataclasses import replace

import pytest

from musearoo.bridge.core.events.effects import SendToDevice
from musearoo.bridge.core.events.incoming import (
    CancelAll,
    ClipArrived,
    ClipWritten,
    Composed,
    Declined,
    EffectFailed,
    IncompatibleHelloReceived,
    NotComposed,
    Reply,
    Source,
    Understood,
    UnknownPacketReceived,
    Verdict,
)
from musearoo.bridge.core.session import MOST_UNDER_WAY, Answered
from musearoo.bridge.core.state import State
from musearoo.bridge.metrics import observer
from musearoo.bridge.metrics.daemon import FAMILIES, PREFIX
from musearoo.bridge.metrics.observer import DaemonMetrics
from musearoo.bridge.metrics.reading import Sample, read_text
from musearoo.bridge.protocol import AutoSplit, CreateClip, Generate, Refine, Refusal, SayText, Transaction, Undo
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import Recipe
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.some_events import Play
from tests.bridge.core.test_playing_along import hear
from tests.bridge.metrics.promtool import judge, needs_promtool
from tests.bridge.metrics.traffic import CountingStage, a_part, compose_take
from tests.bridge.stage import REQUEST, SECRET, TOKEN, a_song, those


@pytest.fixture
def stage() -> CountingStage:
    stage = CountingStage(now=time.monotonic())
    stage.live()
    return stage


def test_a_press_that_is_done_is_counted_with_its_legs(stage: CountingStage) -> None:
    session = stage.hello()
    stage.press(session, engine="DrummaRoo")
    assert stage.samples("presses_under_way") == {(): 1.0}
    stage.now += 0.004
    stage.composed(session)
    stage.now += 0.007
    stage.written(REQUEST)
    assert stage.samples("presses_total") == {("drummaroo", "done"): 1.0}
    sums = stage.samples("press_seconds_sum")
    assert sums[("drummaroo", "composed")] == pytest.approx(0.004)
    assert sums[("drummaroo", "live")] == pytest.approx(0.007)
    assert sums[("drummaroo", "total")] == pytest.approx(0.011)
    assert stage.samples("press_seconds_bucket")[("drummaroo", "total", "0.015")] == 1.0
    assert stage.samples("presses_under_way") == {}


def test_an_answer_that_is_repeated_is_counted_once(stage: CountingStage) -> None:
    session = stage.hello()
    stage.press(session)
    stage.composed(session)
    stage.written(REQUEST)
    stage.press(session)
    assert len(stage.wait(2.0, alive=(1,))) > 3
    assert stage.samples("presses_total") == {("drummaroo", "done"): 1.0}


def test_the_band_parts_other_requests_and_unknown_engines_have_their_names(stage: CountingStage) -> None:
    session = stage.hello()
    for press, engine in enumerate(("band", "drums, bass", "bass", "a secret name"), 1):
        stage.press(session, press, engine=engine)
        stage.composed(session, press)
        stage.written(f"device-1:{press}")
    stage.device(Refine(session, 5, "again", "", 0, 0, 0, 0, 7, 0, 0, 1))
    stage.composed(session, 5)
    stage.written("device-1:5")
    stage.device(Undo(session, 6))
    stage.written("device-1:6")
    done = {name: count for (name, _), count in stage.samples("presses_total").items()}
    assert done == {"band": 2.0, "bassaroo": 1.0, "other": 1.0, "refine": 1.0, "undo": 1.0}
    assert "secret" not in stage.metrics.text()


def test_what_fails_is_counted_by_its_code(stage: CountingStage) -> None:
    session = stage.hello()
    stage.press(session)
    stage.not_composed(session)
    stage.press(session, 2)
    stage.cancel(session, 2)
    stage.press(session, 3)
    stage.composed(session, 3)
    stage.refuse("device-1:3")
    assert stage.samples("presses_total") == {("drummaroo", "failed"): 2.0, ("drummaroo", "cancelled"): 1.0}
    assert stage.samples("refusals_total") == {("engine_failed",): 1.0, ("cancelled",): 1.0, ("slot_filled",): 1.0}
    assert stage.samples("press_seconds_sum") == {}


def test_what_is_refused_at_once_is_counted_too() -> None:
    stage = CountingStage()
    session = stage.hello()
    stage.press(session)
    assert stage.samples("refusals_total") == {("no_live",): 1.0}
    assert stage.samples("presses_total") == {("drummaroo", "failed"): 1.0}
    stage.live()
    for press in range(2, MOST_UNDER_WAY + 4):
        stage.press(session, press)
    assert stage.samples("refusals_total")[("too_many",)] == 2.0


def test_what_is_said_counts_as_what_it_asks_for_and_as_said_where_words_answer(stage: CountingStage) -> None:
    session = stage.hello()
    wanted = Generate(session, 1, "bassaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)
    hint = Declined(Refusal.BAD_PARAMETER, "There is no such style.")
    verdicts: tuple[Verdict, ...] = (wanted, Reply("Hello."), hint, CancelAll())
    for press, verdict in enumerate(verdicts, 1):
        stage.device(SayText(session, press, "tear the roof off"))
        stage.play(Understood(stage.now, (session, press), "tear the roof off", verdict))
    assert stage.samples("presses_total") == {
        ("bassaroo", "cancelled"): 1.0,
        ("say", "done"): 2.0,
        ("say", "failed"): 1.0,
    }
    assert "roof" not in stage.metrics.text()


@pytest.mark.parametrize("seed", range(6))
def test_every_press_of_a_long_play_is_counted_once(seed: int) -> None:
    play = Play(seed)
    stage = play.stage = CountingStage()
    stage.checks = False
    # An answer that is repeated is the same object; kept here, no other takes its id.
    answered, silent = dict[int, Message](), 0
    before = stage.state
    for effects in play.steps(1_500):
        answers = [each for each in those(effects, SendToDevice) if isinstance(each.message, Answered)]
        answered |= {id(each.message): each.message for each in answers}
        ended = {(each.session, getattr(each.message, "press", 0)) for each in answers}
        silent += len(before.presses.keys() - stage.state.presses.keys() - ended)
        before = stage.state
    assert len(answered) > 100
    assert sum(stage.samples("presses_total").values()) == len(answered) + silent


def test_a_clip_that_splits_by_itself_is_counted(stage: CountingStage) -> None:
    session = stage.hello()
    mark = AutoSplit(session, 1, 0, "", 4, 1)
    for number, end in enumerate(("done", "failed"), 1):
        stage.play(ClipArrived(stage.now, 1, 7, mark))
        key = (0, number)
        if end == "done":
            transaction = (Transaction(f"arrival-1:{number}", 0.0), CreateClip(1, 2, 1, 32.0, "S", -1, 1, 4, 4, b""))
            stage.play(Composed(stage.now, key, transaction))
            stage.play(ClipWritten(stage.now + 2.0, f"arrival-1:{number}", 0, 0, 2, "Stems"))
        else:
            stage.play(NotComposed(stage.now, key, Refusal.NOT_HEARD, "It has no sound."))
    assert stage.samples("presses_total") == {("split", "done"): 1.0, ("split", "failed"): 1.0}
    assert stage.samples("refusals_total") == {("not_heard",): 1.0}
    assert stage.samples("press_seconds_sum")[("split", "total")] == pytest.approx(2.0)


def test_live_is_counted_with_its_gaps_and_its_absences(stage: CountingStage) -> None:
    stage.heartbeat(gap_ms=11.0)
    stage.heartbeat(gap_ms=240.0)
    assert stage.samples("live_gap_seconds_count") == {(): 2.0}
    assert stage.samples("live_gap_seconds_bucket")[("0.012",)] == 1.0
    assert stage.samples("live_gap_seconds_sum")[()] == pytest.approx(0.251)
    assert stage.samples("live_connections") == {("ready",): 1.0}
    stage.lose(link=9)
    assert stage.samples("live_lost_total") == {}
    stage.lose()
    assert stage.samples("live_lost_total") == {(): 1.0}
    assert stage.samples("live_connections") == {}
    assert not [each for each in read_text(stage.metrics.text()) if each.name == f"{PREFIX}live_silence_seconds"]


def test_strangers_faults_sessions_and_readings_are_counted(stage: CountingStage) -> None:
    session = stage.hello()
    effects = stage.press(session)
    stage.play(EffectFailed(stage.now, effects[-1], "That went wrong."))
    stage.play(UnknownPacketReceived())
    stage.play(IncompatibleHelloReceived("127.0.0.1", 25_000, 1))
    stage.hits.add(5)
    assert stage.samples("effects_failed_total") == {(): 1.0}
    assert stage.samples("strange_packets_total") == {(): 2.0}
    assert stage.samples("sessions") == {("device",): 1.0}
    client = replace(stage.state.sessions[session], number=99, source=Source.of_client(5))
    stage.state = stage.state.with_session(client)
    assert stage.samples("sessions") == {("device",): 1.0, ("client",): 1.0}
    assert stage.samples("analysis_lookups_total") == {("hit",): 5.0}
    assert stage.samples("queue_length") == {("jobs",): 3.0}


def test_takes_are_measured_in_the_key_of_the_set_while_nothing_is_under_way(stage: CountingStage) -> None:
    session = stage.hello()
    compose_take(stage, session, 1, a_part("bass", 45, 46, 48, 52), a_part("drums", 36, 38))
    stage.tick()
    assert stage.samples("take_notes_count") == {}, "a press is under way"
    stage.written(REQUEST)
    stage.tick()
    assert stage.samples("take_notes_sum") == {("bass",): 4.0, ("drums",): 2.0}
    # The set is in A minor: B flat is not in it.
    assert stage.samples("take_in_key_ratio_sum") == {("bass",): 0.75}
    assert stage.samples("take_onsets_per_beat_sum") == {("bass",): 1.0, ("drums",): 0.5}
    assert stage.samples("take_off_grid_ratio_count") == {("bass",): 1.0, ("drums",): 1.0}


def test_the_estimated_key_counts_where_the_set_has_none_and_no_key_counts_for_nothing(stage: CountingStage) -> None:
    session = stage.hello()
    for press, (scale_mode, scale, key) in enumerate(
        [(0, "Minor", "F major"), (0, "Minor", ""), (1, "Scale of the year 3000", "F major")], 1
    ):
        stage.script(a_song(scale=scale, scale_mode=scale_mode))
        stage.state = stage.state.with_live(replace(stage.state.lives[1], key=key))
        compose_take(stage, session, press, a_part("melody", 65, 70))
        stage.written(f"device-1:{press}")
        stage.tick()
    assert stage.samples("take_notes_count") == {("melody",): 3.0}
    assert stage.samples("take_in_key_ratio_count") == {("melody",): 1.0}
    assert stage.samples("take_in_key_ratio_sum") == {("melody",): 1.0}


def test_the_key_that_a_take_was_composed_in_comes_first(stage: CountingStage) -> None:
    session = stage.hello()
    context = MusicalContext.plain(bpm=96.0, key="F", chords="F")
    compose_take(stage, session, 1, a_part("melody", 65, 70), recipe=Recipe("funk", 7, context))
    stage.written(REQUEST)
    stage.tick()
    # B flat is in F major, though not in A minor, the set's own.
    assert stage.samples("take_in_key_ratio_sum") == {("melody",): 1.0}


def test_takes_that_come_faster_than_they_are_measured_are_dropped_oldest_first(
    stage: CountingStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observer, "MOST_UNMEASURED", 2)
    session = stage.hello()
    for press in range(1, 5):
        compose_take(stage, session, press, a_part("bass", *[45] * press))
        stage.written(f"device-1:{press}")
    stage.wait(1.0, alive=(1,))
    assert stage.samples("takes_unmeasured_total") == {(): 2.0}
    assert stage.samples("take_notes_sum") == {("bass",): 7.0}


def test_a_take_that_is_heard_first_and_left_alone_is_counted_as_done(stage: CountingStage) -> None:
    session = stage.hello()
    hear(stage, session)
    assert sum(stage.samples("presses_total").values()) == 1.0


@needs_promtool
def test_prometheus_reads_the_daemons_text_without_a_remark(stage: CountingStage) -> None:
    session = stage.hello()
    compose_take(stage, session, 1, a_part("bass", 45, 46))
    stage.written(REQUEST)
    stage.heartbeat()
    stage.tick()
    assert judge("check", "metrics", text=stage.metrics.text()) == ""


def test_every_family_is_in_the_text_and_begins_alike() -> None:
    text = DaemonMetrics(lambda: State(TOKEN, "0.1.0", 48_000, SECRET), ENGINES, {}).text()
    assert all(family.name.startswith("musearoo_daemon_") for family in FAMILIES)
    assert [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")] == [
        family.name for family in FAMILIES
    ]
    (build,) = [sample for sample in read_text(text) if sample.name.endswith("build_info")]
    assert build == Sample("musearoo_daemon_build_info", build.labels, 1.0)
    assert dict(build.labels).keys() == {"version", "python"}
