"""What is heard before it is kept, and the jam: what follows from presses, and from what comes and goes."""

from dataclasses import replace

from musearoo.bridge.core.events.effects import Compose, Effect, NoteDone, SendToScript
from musearoo.bridge.core.events.incoming import Composed
from musearoo.bridge.core.events.midi import (
    AuditionTake,
    BeginJam,
    EndJam,
    FollowClocks,
    FollowLive,
    KeepPlayed,
    MidiSeen,
    MidiView,
    StopTake,
    TakeSilenced,
)
from musearoo.bridge.protocol import (
    AskMidi,
    Audition,
    CreateClip,
    Done,
    Facts,
    Failed,
    Got,
    Keep,
    MidiState,
    PlayJam,
    Refusal,
    SetReady,
    Told,
    Transaction,
    TransportState,
)
from musearoo.bridge.protocol.midi_process import ClockSource
from musearoo.bridge.requests.composition import TakePart
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from tests.bridge.stage import Stage, a_hello, a_script_hello, a_song, kinds, ready_stage, sent, those, told
from tests.each_case import each_case

PART = TakePart("drums", Clip("Funk drums", 8.0, (Note(0.0, 36, 0.5, 100.0), Note(1.0, 38, 0.5, 90.0))))


def hear(stage: Stage, session: int, press: int = 1, name: str = "Funk drums") -> list[Effect]:
    """A press that is heard first, until it sounds."""
    pressed = stage.press(session, press, hear=1)
    (request,) = those(pressed, Compose)
    part = replace(PART, clip=replace(PART.clip, name=name))
    clip = CreateClip(1, 2, 1, 8.0, name, -1, 1, 4, 4, b"")
    made = (Transaction(request.request_id, 9.0), clip)
    return stage.play(Composed(stage.now, request.key, made, "", ("There was only one.",), (part,)))


def keep(stage: Stage, session: int, press: int, bars: int = 0) -> list[Effect]:
    return stage.device(Keep(session, press, bars, 1.0, -1, -1, 0))


def jam(session: int, press: int, on: int = 1, bars: int = 4) -> PlayJam:
    return PlayJam(session, press, on, bars, "", "", 0.5, 3)


def jamming_stage() -> tuple[Stage, int]:
    stage, session = ready_stage()
    stage.device(jam(session, 1))
    stage.play(Composed(stage.now, (session, 1), (), "Jam: 4 bars each"))
    return stage, session


def transport(playing: int, beat: float = 0.0) -> TransportState:
    return TransportState(playing, beat, 120.0, 5.0, 0.0, 0.0)


def followed(effects: list[Effect]) -> list[tuple[ClockSource, ...]]:
    return [effect.sources for effect in those(effects, FollowClocks)]


def test_a_take_is_heard_and_nothing_is_written() -> None:
    stage, session = ready_stage()
    effects = hear(stage, session)
    (heard,) = those(effects, AuditionTake)
    assert heard.take.parts == (PART,)
    assert not those(effects, SendToScript)
    (done,) = told(effects, Done)
    assert (done.name, done.notes, done.track, done.scene) == ("Heard: Funk drums", 2, -1, -1)
    assert [message.sentence for message in told(effects, Told)] == ["There was only one."]
    assert told(effects, MidiState)[-1].heard == "Funk drums"
    assert not stage.state.presses


def test_another_take_swaps_the_first_and_only_the_last_is_kept() -> None:
    stage, session = ready_stage()
    hear(stage, session, 1, "First")
    (heard,) = those(hear(stage, session, 2, "Second"), AuditionTake)
    assert heard.take.name == "Second"
    (request,) = those(keep(stage, session, 3), Compose)
    assert [edit.name for edit in request.kept if isinstance(edit, CreateClip)] == ["Second"]


def test_what_is_kept_is_written_as_one_transaction_and_falls_silent_at_the_bar() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    (request,) = those(keep(stage, session, 2), Compose)
    made = (Transaction(request.request_id, 9.0), *request.kept[1:])
    assert not those(stage.play(Composed(stage.now, request.key, made)), StopTake), (
        "it sounds until it stands in the set"
    )
    effects = stage.written(request.request_id)
    assert those(effects, StopTake) == [StopTake(session, at_bar=True)]
    (done,) = told(effects, Done)
    assert (done.press, done.name, done.scene) == (2, "Funk drums", 2)
    assert told(effects, MidiState)[-1].heard == ""
    (noted,) = those(effects, NoteDone)
    assert getattr(noted.request, "engine", "") == "drummaroo", "RooAroo can play it again"
    assert [step.request for step in stage.state.written["live-1"]] == [request.request_id], "Undo takes it back"
    assert told(keep(stage, session, 3), Failed)[0].code == Refusal.GONE


def test_a_band_that_is_kept_has_its_own_name_and_not_that_of_its_last_clip() -> None:
    stage, session = ready_stage()
    (request,) = those(stage.press(session, 1, hear=1), Compose)
    clip = CreateClip(1, 2, 1, 8.0, "Funk drums", -1, 1, 4, 4, b"")
    made = (Transaction(request.request_id, 9.0), clip)
    stage.play(Composed(stage.now, request.key, made, "funk band: drums, bass", (), (PART,)))
    (request,) = those(keep(stage, session, 2), Compose)
    stage.play(Composed(stage.now, request.key, (Transaction(request.request_id, 9.0), clip)))
    assert told(stage.written(request.request_id), Done)[0].name == "funk band: drums, bass"


def test_a_take_that_came_meanwhile_sounds_on_when_the_one_before_is_kept() -> None:
    stage, session = ready_stage()
    hear(stage, session, 1, "First")
    (request,) = those(keep(stage, session, 2), Compose)
    stage.play(Composed(stage.now, request.key, (Transaction(request.request_id, 9.0), *request.kept[1:])))
    hear(stage, session, 3, "Second")
    assert not those(stage.written(request.request_id), StopTake)
    assert stage.state.takes[session].name == "Second"


def test_keep_waits_for_nothing_and_says_why() -> None:
    stage, session = ready_stage()
    (failed,) = told(keep(stage, session, 1), Failed)
    assert (failed.code, failed.press) == (Refusal.GONE, 1)
    assert kinds(keep(stage, session, 1)) == ["Got", "Failed"], "a repeat is answered as the first was"
    stage.press(session, 2, hear=1)
    (failed,) = told(keep(stage, session, 3), Failed)
    assert failed.code == Refusal.TOO_MANY
    assert failed.sentence.startswith("A take is still being made")


def test_a_take_is_kept_once() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    keep(stage, session, 2)
    (failed,) = told(keep(stage, session, 3), Failed)
    assert failed.sentence == "It is on its way into the set already."


def test_a_refused_keep_leaves_the_take_to_be_kept_again() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    (request,) = those(keep(stage, session, 2), Compose)
    stage.play(Composed(stage.now, request.key, (Transaction(request.request_id, 9.0), *request.kept[1:])))
    (failed,) = told(stage.refuse(request.request_id), Failed)
    assert failed.code == Refusal.SLOT_FILLED
    assert those(keep(stage, session, 3), Compose)[0].kept == request.kept


def test_dropping_forgets_what_is_heard() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    effects = stage.device(Audition(session, 2, 0, -1, -1))
    assert those(effects, StopTake) == [StopTake(session, at_bar=False)]
    assert told(effects, Done)[0].name == "Dropped: Funk drums"
    assert told(keep(stage, session, 3), Failed)
    again = stage.device(Audition(session, 4, 0, -1, -1))
    assert not those(again, StopTake)
    assert told(again, Done)[0].name == "Nothing was heard"


def test_a_clip_of_the_set_is_heard_and_need_not_be_kept() -> None:
    stage, session = ready_stage()
    (request,) = those(stage.device(Audition(session, 1, 1, 0, 0)), Compose)
    effects = stage.play(Composed(stage.now, request.key, (), "Verse", (), (PART,)))
    assert those(effects, AuditionTake)[0].take.name == "Verse"
    (failed,) = told(keep(stage, session, 2), Failed)
    assert (failed.code, failed.sentence) == (Refusal.SLOT_FILLED, "It stands in the set already.")


def test_what_was_played_is_asked_for_where_it_is_kept() -> None:
    stage, session = ready_stage()
    (request,) = those(keep(stage, session, 1, bars=4), KeepPlayed)
    assert (request.key, request.keep.bars) == ((session, 1), 4)
    clip = CreateClip(1, 2, 1, 8.0, "Played", -1, 1, 4, 4, b"")
    made = stage.play(Composed(stage.now, request.key, (Transaction(request.request_id, 9.0), clip)))
    assert len(sent(made, CreateClip)) == 1
    assert told(stage.written(request.request_id), Done)[0].press == 1


NO_MIDI = MidiView(problem="There is no MIDI.")


@each_case("request", ["hear", "keep", "jam", "clip", "answer"])
def test_without_midi_a_press_is_refused_in_a_sentence(request: str) -> None:
    stage, session = ready_stage()
    assert told(stage.play(MidiSeen(stage.now, NO_MIDI)), MidiState)[0].sentence == "There is no MIDI."
    effects = {
        "hear": lambda: stage.press(session, hear=1),
        "keep": lambda: keep(stage, session, 1, bars=2),
        "jam": lambda: stage.device(jam(session, 1)),
        "clip": lambda: stage.device(Audition(session, 1, 1, 0, 0)),
        "answer": lambda: stage.press(session, to_played="answer"),
    }[request]()
    (failed,) = told(effects, Failed)
    assert (failed.code, failed.sentence) == (Refusal.UNSUPPORTED, "There is no MIDI.")
    assert those(stage.press(session, 2), Compose), "what needs none goes on as ever"


# --- the jam ---------------------------------------------------------------------------------------------------------


def test_a_jam_begins_and_ends() -> None:
    stage, session = ready_stage()
    pressed = stage.device(jam(session, 1))
    assert told(pressed, Got)
    (begin,) = those(pressed, BeginJam)
    assert begin.jam.request.bars == 4
    effects = stage.play(Composed(stage.now, begin.key, (), "Jam: 4 bars each"))
    assert told(effects, Done)[0].name == "Jam: 4 bars each"
    assert told(effects, MidiState)[-1].turn == 1, "it waits for its first bar"
    shown = stage.play(MidiSeen(stage.now, MidiView(clock="live", turn=2, bar=3, who="drummaroo")))
    assert (told(shown, MidiState)[-1].turn, told(shown, MidiState)[-1].bar) == (2, 3)
    ended = stage.device(jam(session, 2, on=0))
    assert those(ended, EndJam) == [EndJam(at_bar=True)]
    assert told(ended, Done)[0].name == "Jam ended"
    assert told(ended, MidiState)[-1].turn == 0


def test_a_jam_that_still_waits_for_live_is_ended_too() -> None:
    stage = Stage()
    stage.state = replace(stage.state, started_at=stage.now)
    session = stage.hello()
    assert kinds(stage.device(jam(session, 1))) == ["Got"], "the daemon has just begun, and Live is on its way"
    ended = stage.device(jam(session, 2, on=0))
    assert [failed.press for failed in told(ended, Failed)] == [1]
    assert [done.press for done in told(ended, Done)] == [2]
    assert not those(stage.live(), BeginJam)


def test_there_is_one_jam_at_a_time() -> None:
    stage, session = jamming_stage()
    other = stage.hello("device-2", 25_001)
    for on in (0, 1):
        (failed,) = told(stage.device(jam(other, 1 + on, on=on)), Failed)
        assert failed.code == Refusal.TOO_MANY
    assert those(stage.device(jam(session, 2, bars=2)), BeginJam), "its own device may change it"


# --- what comes and goes ---------------------------------------------------------------------------------------------


@each_case("how", ["bye", "silent"])
def test_with_its_device_a_take_and_a_jam_end(how: str) -> None:
    stage, session = jamming_stage()
    hear(stage, session, 2)
    effects = stage.bye(session) if how == "bye" else [effect for _ in range(320) for effect in stage.tick()]
    assert those(effects, StopTake) == [StopTake(session, at_bar=False)]
    assert those(effects, EndJam) == [EndJam(at_bar=False)]
    assert stage.state.jam is None
    assert not stage.state.takes


def test_what_is_composed_for_a_device_that_has_gone_is_not_heard() -> None:
    stage, session = ready_stage()
    (request,) = those(stage.press(session, hear=1), Compose)
    stage.bye(session)
    effects = stage.play(Composed(stage.now, request.key, (), "", (), (PART,)))
    assert not those(effects, AuditionTake)
    assert not stage.state.presses


def test_with_live_it_falls_silent_and_sounds_again_when_the_same_live_is_back() -> None:
    stage, session = jamming_stage()
    hear(stage, session, 2)
    lost = stage.lose()
    assert those(lost, StopTake) == [StopTake(session, at_bar=False)]
    assert those(lost, EndJam) == [EndJam(at_bar=False)]
    assert [message.code for message in told(lost, Told)] == [Refusal.LIVE_LOST]
    stage.script(a_script_hello(), 2)
    stage.script(a_song(), 2)
    (again,) = those(stage.script(SetReady(3), 2), AuditionTake)
    assert again.take.session == session
    assert those(keep(stage, session, 3), Compose)[0].kept, "it can still be kept"


def test_a_jam_whose_live_came_back_unnoticed_ends_when_that_goes() -> None:
    stage, _ = jamming_stage()
    stage.live(2, "live-1")
    assert not those(stage.lose(1), EndJam), "the old connection is nobody's any more"
    assert those(stage.lose(2), EndJam)


def test_what_was_made_for_another_set_cannot_be_kept() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    stage.lose()
    assert not those(stage.live(2, "live-2"), AuditionTake)
    (failed,) = told(keep(stage, session, 2), Failed)
    assert failed.code == Refusal.GONE


def test_a_take_sounds_again_when_its_process_ended() -> None:
    stage, session = ready_stage()
    hear(stage, session)
    assert those(stage.play(TakeSilenced(stage.now, session)), AuditionTake)
    stage.device(Audition(session, 2, 0, -1, -1))
    assert not stage.play(TakeSilenced(stage.now, session))


# --- the clock -------------------------------------------------------------------------------------------------------


def test_the_beat_follows_live_but_goes_by_itself_for_who_hears_something_while_live_stands() -> None:
    stage, session = ready_stage()
    stood = stage.script(transport(0))
    assert those(stood, FollowLive) == [FollowLive(transport(0))]
    live, midi, own = ClockSource.LIVE, ClockSource.MIDI, ClockSource.OWN
    assert followed(stood) == [(live, midi, own)]
    assert followed(hear(stage, session)) == [(midi, own)]
    assert followed(stage.script(transport(0))) == [], "it is said once"
    assert followed(stage.script(transport(1, 4.0))) == [(live, midi, own)]
    stage.script(transport(0, 8.0))
    assert followed(stage.device(Audition(session, 2, 0, -1, -1))) == [(live, midi, own)]


def test_its_own_beat_has_the_tempo_of_the_set() -> None:
    stage = Stage()
    stage.live(song=a_song(tempo=97.0))
    stage.hello()
    (follow,) = those(stage.script(transport(0)), FollowClocks)
    assert follow.bpm == 97.0


def test_of_several_lives_the_one_in_which_somebody_plays_along_is_followed() -> None:
    stage = Stage()
    stage.live(1, "live-1", a_song("First"))
    stage.live(2, "live-2", a_song("Second"))
    session = stage.hello("device-2", 25_001, set_name="Second")
    assert those(stage.script(transport(1), 1), FollowLive)
    assert not those(stage.script(transport(1), 2), FollowLive)
    hear(stage, session)
    assert not those(stage.script(transport(1), 1), FollowLive)
    assert those(stage.script(transport(1), 2), FollowLive)


# --- what devices see ------------------------------------------------------------------------------------------------


def test_devices_are_told_what_changed_once_and_what_they_ask_for_always() -> None:
    stage, session = ready_stage()
    view = MidiView(clock="live", is_running=True, bpm=120.0, input=2, held="Am7", played=5)
    assert told(stage.play(MidiSeen(stage.now, view)), MidiState) == [
        MidiState("live", 1, 120.0, 2, "Am7", 5, "", 0, 0, "", "")
    ]
    assert not told(stage.play(MidiSeen(stage.now, view)), MidiState)
    assert len(told(stage.device(AskMidi(session)), MidiState)) == 1
    late = stage.device(a_hello("device-2", 25_001))
    assert told(late, MidiState)[0].held == "Am7", "who comes later is told at once"
    long = MidiView(held="é" * 99, who="é" * 99, sentence="é" * 999)
    assert told(stage.play(MidiSeen(stage.now, long)), MidiState), "what is too long is cut"


def test_key_and_chords_that_are_played_are_facts_where_the_set_has_none() -> None:
    stage = Stage()
    stage.live(song=a_song(scale_mode=0))
    stage.hello()
    (facts, *_) = told(stage.play(MidiSeen(stage.now, MidiView(held="Dm7", key="D minor"))), Facts)
    assert (facts.key, facts.chords) == ("D minor", "Dm7")
    stage.live(song=a_song(scale_mode=1))
    assert not told(stage.play(MidiSeen(stage.now, MidiView(held="Dm7", key="G major"))), Facts), "the set has a key"
