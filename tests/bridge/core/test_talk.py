"""Sentences as the conductor sees them: held, heard, understood, and what follows."""

from musearoo.bridge.core.events.effects import (
    ArmMicrophone,
    Compose,
    DropSpeech,
    Effect,
    EndSpeech,
    NoteDone,
    NoteUndone,
    Report,
    StartSpeech,
    Understand,
)
from musearoo.bridge.core.events.incoming import (
    ByDevice,
    CancelAll,
    RecogniserReady,
    Reply,
    SpeechFailed,
    SpeechLevel,
    SpeechTranscribed,
    Suggested,
    Understood,
    Verdict,
)
from musearoo.bridge.core.talk import (
    ARMED_FOR,
    GETTING_READY,
    LISTENING,
    MUST_LOAD_WITHIN,
    MUST_UNDERSTAND_WITHIN,
    NOT_ANSWERED,
    NOT_LOADED,
    READY,
    SIGN_WITHIN,
    UNDERSTANDING,
)
from musearoo.bridge.protocol import (
    Answer,
    Arm,
    Done,
    Failed,
    Generate,
    Got,
    Level,
    Please,
    Progress,
    Refusal,
    SayText,
    Split,
    Talk,
    Told,
    Undo,
)
from tests.bridge.stage import Stage, kinds, ready_stage, those, told

WORDS = "give me a funk bass"


def a_stage() -> tuple[Stage, int]:
    """With a recogniser that is loaded."""
    stage, session = ready_stage()
    stage.play(RecogniserReady(stage.now, True))
    return stage, session


def talking_stage() -> tuple[Stage, int]:
    stage, session = a_stage()
    stage.device(Talk(session, 1, 1))
    return stage, session


def heard_stage() -> tuple[Stage, int]:
    stage, session = talking_stage()
    stage.device(Talk(session, 1, 0))
    stage.play(SpeechTranscribed(stage.now, (session, 1), WORDS, 0.9, 20.0))
    return stage, session


def an_order(session: int, press: int = 1) -> Generate:
    return Generate(session, press, "bassaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", -1, -1, 0)


def follow(stage: Stage, session: int, verdict: Verdict, sentence: str = "") -> list[Effect]:
    return stage.play(Understood(stage.now, (session, 1), WORDS, verdict, sentence))


def test_a_held_talk_opens_the_ear_once_and_letting_go_closes_it() -> None:
    stage, session = a_stage()
    pressed = stage.device(Talk(session, 1, 1))
    assert those(pressed, StartSpeech) == [StartSpeech((session, 1))]
    for held in (1, 2):
        assert kinds(stage.device(Talk(session, 1, held))) == ["Got"]
    assert kinds(stage.device(Talk(session, 1, 0))) == ["Got", "EndSpeech"]
    assert kinds(stage.device(Talk(session, 1, 0))) == ["Got"]


def test_the_level_and_the_words_are_shown_while_it_is_held_and_not_after() -> None:
    stage, session = talking_stage()
    level = SpeechLevel(stage.now, (session, 1), 0.7, "give me")
    assert told(stage.play(level), Level) == [Level(1, 0.7, "give me")]
    stage.device(Talk(session, 1, 0))
    assert stage.play(level) == []


def test_what_was_heard_is_shown_and_read_in_the_devices_own_set() -> None:
    stage, session = talking_stage()
    stage.device(Talk(session, 1, 0))
    effects = stage.play(SpeechTranscribed(stage.now, (session, 1), WORDS, 0.9, 20.0))
    assert (told(effects, Level), told(effects, Progress)) == ([Level(1, 0.0, WORDS)], [Progress(1, 0.0, "")])
    assert those(effects, Understand) == [Understand((session, 1), 1, "live-1", WORDS, 0.9)]


def test_the_order_that_follows_is_a_press_from_the_end_of_the_sentence_on() -> None:
    stage, session = talking_stage()
    stage.play(SpeechTranscribed(stage.now, (session, 1), WORDS, 0.9, 20.0))
    stage.now += 0.01
    effects = follow(stage, session, an_order(session), "In the style that you like.")
    assert [message.sentence for message in told(effects, Told)] == ["In the style that you like."]
    (compose,) = those(effects, Compose)
    assert compose.request == an_order(session)
    stage.composed(session)
    stage.now += 0.03
    (done,) = told(stage.written(compose.request_id), Done)
    assert done.press == 1
    assert abs(done.milliseconds - 60.0) < 1e-6


def test_a_talk_that_became_a_press_is_recognised_when_it_is_repeated() -> None:
    stage, session = heard_stage()
    follow(stage, session, an_order(session))
    assert kinds(stage.device(Talk(session, 1, 1))) == ["Got"]


def test_an_answer_in_words_ends_it_and_is_repeated_until_the_device_has_it() -> None:
    stage, session = heard_stage()
    (answer,) = told(follow(stage, session, Reply("Which bass?", asks=True)), Answer)
    assert (answer.press, answer.asks, answer.heard, answer.sentence) == (1, 1, WORDS, "Which bass?")
    assert told(stage.device(Talk(session, 1, 1)), Answer) == [answer]
    assert told(stage.tick(0.3), Answer) == [answer]
    stage.got(session, answer.number)
    assert told(stage.tick(0.3), Answer) == []


def test_what_only_the_device_can_do_is_asked_of_it() -> None:
    stage, session = heard_stage()
    effects = follow(stage, session, ByDevice("listen", 41, "Listening to the last four bars."))
    assert told(effects, Please) == [Please(session, 1, "listen", 41)]
    assert [answer.sentence for answer in told(effects, Answer)] == ["Listening to the last four bars."]


def test_cancel_takes_back_what_the_device_has_under_way() -> None:
    stage, session = heard_stage()
    stage.device(Split(session, 9, 0, 0, "", 4, 0))
    effects = follow(stage, session, CancelAll())
    assert [(failed.press, failed.code) for failed in told(effects, Failed)] == [(9, Refusal.CANCELLED)]
    assert [answer.sentence for answer in told(effects, Answer)] == ["Cancelled: 1 under way."]
    assert not stage.state.presses


def test_without_a_sign_for_two_seconds_it_counts_as_let_go() -> None:
    stage, session = talking_stage()
    stage.now += SIGN_WITHIN - 0.1
    stage.device(Talk(session, 1, 2))
    assert those(stage.tick(SIGN_WITHIN - 0.1), EndSpeech) == []
    assert those(stage.tick(0.2), EndSpeech) == [EndSpeech((session, 1))]


def test_an_ear_that_never_answers_is_given_up() -> None:
    stage, session = talking_stage()
    stage.device(Talk(session, 1, 0))
    effects = stage.tick(MUST_UNDERSTAND_WITHIN + 0.1)
    assert those(effects, DropSpeech) == [DropSpeech((session, 1))]
    assert [failed.code for failed in told(effects, Failed)] == [Refusal.NOT_HEARD]
    assert stage.play(SpeechTranscribed(stage.now, (session, 1), WORDS, 0.9, 20.0)) == []


def shown(effects: list[Effect]) -> list[str]:
    return [message.sentence for message in told(effects, Told)]


def failed_within(stage: Stage, seconds: float) -> list[Failed]:
    return told(stage.wait(seconds, (1,)), Failed)


def test_what_is_said_before_the_recogniser_is_loaded_waits_for_it_and_says_so() -> None:
    stage, session = ready_stage()
    assert shown(stage.device(Talk(session, 1, 1))) == [GETTING_READY]
    assert shown(stage.device(Talk(session, 1, 0))) == [GETTING_READY]
    loaded_after = MUST_LOAD_WITHIN - 1.0
    assert failed_within(stage, loaded_after) == []
    ready = stage.play(RecogniserReady(stage.now, True))
    assert shown(ready) == [UNDERSTANDING]
    assert those(ready, Report) == [Report(READY)]
    assert failed_within(stage, MUST_UNDERSTAND_WITHIN - 0.1) == []
    effects = stage.play(SpeechTranscribed(stage.now, (session, 1), WORDS, 0.9, 1000.0 * loaded_after))
    assert [understand.text for understand in those(effects, Understand)] == [WORDS]


def test_a_talk_that_is_still_held_when_the_recogniser_is_loaded_goes_on() -> None:
    stage, session = ready_stage()
    stage.device(Talk(session, 1, 1))
    assert shown(stage.play(RecogniserReady(stage.now, True))) == [LISTENING]
    assert stage.play(RecogniserReady(stage.now, True)) == []


def test_the_time_for_an_answer_is_counted_from_the_loaded_recogniser_on() -> None:
    stage, session = ready_stage()
    stage.device(Talk(session, 1, 1))
    stage.device(Talk(session, 1, 0))
    assert failed_within(stage, MUST_UNDERSTAND_WITHIN + 5.0) == []
    stage.play(RecogniserReady(stage.now, True))
    (failed,) = failed_within(stage, MUST_UNDERSTAND_WITHIN + 0.1)
    assert failed.sentence == NOT_ANSWERED


def test_a_recogniser_that_is_never_loaded_is_waited_for_as_long_as_is_said() -> None:
    stage, session = ready_stage()
    stage.device(Talk(session, 1, 1))
    stage.device(Talk(session, 1, 0))
    (failed,) = failed_within(stage, MUST_LOAD_WITHIN + 0.1)
    assert failed.sentence == NOT_LOADED
    assert f"{MUST_LOAD_WITHIN:g} s" in NOT_LOADED


def test_a_recogniser_that_is_lost_is_waited_for_again() -> None:
    stage, session = talking_stage()
    stage.device(Talk(session, 1, 0))
    assert shown(stage.play(RecogniserReady(stage.now, False))) == [GETTING_READY]
    assert failed_within(stage, MUST_UNDERSTAND_WITHIN + 5.0) == []
    assert shown(stage.device(Talk(session, 2, 1))) == [GETTING_READY]


def test_a_recogniser_that_can_make_no_text_says_why() -> None:
    stage, _ = ready_stage()
    effects = stage.play(RecogniserReady(stage.now, True, "onnxruntime is not installed."))
    assert effects == [Report("onnxruntime is not installed.", warning=True)]


def test_a_second_device_is_refused_while_the_first_is_spoken_to() -> None:
    stage, session = talking_stage()
    other = stage.hello("device-2", 25_001)
    (failed,) = told(stage.device(Talk(other, 1, 1)), Failed)
    assert failed.code == Refusal.TOO_MANY
    assert "one microphone" in failed.sentence
    stage.device(Talk(session, 1, 0))
    assert those(stage.device(Talk(other, 2, 1)), StartSpeech) == [StartSpeech((other, 2))]


def test_a_second_talk_of_the_same_device_means_that_the_first_was_let_go() -> None:
    stage, session = talking_stage()
    assert kinds(stage.device(Talk(session, 2, 1))) == ["Got", "EndSpeech", "StartSpeech"]
    assert [sentence.is_held for sentence in stage.state.sentences.values()] == [False, True]


def test_what_goes_wrong_with_the_microphone_is_told() -> None:
    stage, session = talking_stage()
    (failed,) = told(stage.play(SpeechFailed(stage.now, (session, 1), "The microphone has gone.")), Failed)
    assert (failed.press, failed.code, failed.sentence) == (1, Refusal.NOT_HEARD, "The microphone has gone.")


def test_a_cancelled_talk_is_dropped() -> None:
    stage, session = talking_stage()
    effects = stage.cancel(session)
    assert those(effects, DropSpeech) == [DropSpeech((session, 1))]
    assert [failed.code for failed in told(effects, Failed)] == [Refusal.CANCELLED]


def test_a_device_that_leaves_drops_what_it_was_being_told() -> None:
    stage, session = talking_stage()
    assert those(stage.bye(session), DropSpeech) == [DropSpeech((session, 1))]
    assert not stage.state.sentences


def test_without_live_what_was_said_is_refused() -> None:
    stage = Stage()
    session = stage.hello()
    stage.device(Talk(session, 1, 1))
    (failed,) = told(stage.play(SpeechTranscribed(stage.now, (session, 1), WORDS, 0.9, 20.0)), Failed)
    assert failed.code == Refusal.NO_LIVE


def test_a_sentence_in_writing_is_understood_like_a_spoken_one_and_once() -> None:
    stage, session = a_stage()
    effects = stage.device(SayText(session, 1, WORDS))
    assert told(effects, Got) == [Got(1)]
    assert those(effects, Understand) == [Understand((session, 1), 1, "live-1", WORDS, 1.0)]
    assert kinds(stage.device(SayText(session, 1, WORDS))) == ["Got"]
    (answer,) = told(follow(stage, session, Reply("Nothing was asked.")), Answer)
    assert told(stage.device(SayText(session, 1, WORDS)), Answer) == [answer]


def test_the_microphone_is_kept_open_as_long_as_a_device_asks_for_it() -> None:
    stage, session = a_stage()
    assert those(stage.device(Arm(session, 1)), ArmMicrophone) == [ArmMicrophone(True)]
    assert those(stage.device(Arm(session, 1)), ArmMicrophone) == []
    assert those(stage.tick(ARMED_FOR - 0.1), ArmMicrophone) == []
    assert those(stage.tick(0.2), ArmMicrophone) == [ArmMicrophone(False)]
    stage.device(Arm(session, 1))
    assert those(stage.device(Arm(session, 0)), ArmMicrophone) == [ArmMicrophone(False)]


def test_a_device_that_leaves_disarms_at_the_next_look() -> None:
    stage, session = a_stage()
    stage.device(Arm(session, 1))
    stage.bye(session)
    assert those(stage.tick(0.1), ArmMicrophone) == [ArmMicrophone(False)]


def test_what_is_done_and_undone_is_noted_whoever_asked() -> None:
    stage, session = a_stage()
    stage.press(session, 3)
    stage.composed(session, 3)
    (noted,) = those(stage.written(f"device-1:{3}"), NoteDone)
    assert (noted.instance, noted.session, noted.request_id) == ("live-1", session, "device-1:3")
    stage.device(Undo(session, 4))
    assert those(stage.written("device-1:4"), NoteUndone) == [NoteUndone("live-1", "device-1:3")]


def test_a_suggestion_reaches_its_device_alone() -> None:
    stage, session = a_stage()
    stage.hello("device-2", 25_001)
    effects = stage.play(Suggested(stage.now, session, "No bass yet: walking or pedal?"))
    assert [message.sentence for message in told(effects, Told)] == ["No bass yet: walking or pedal?"]
    assert len(effects) == 1
