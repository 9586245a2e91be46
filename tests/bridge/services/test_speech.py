"""The speech service: when it opens the listener, and hints that wait until the result is read."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.copilot.dialogue import Copilot
from musearoo.bridge.core.events.effects import ArmMicrophone, NoteDone, StartSpeech, Understand
from musearoo.bridge.core.events.incoming import Declined, Event, SpeechFailed, Suggested, Understood
from musearoo.bridge.core.state import Live, State
from musearoo.bridge.protocol import Generate
from musearoo.bridge.services.speech import SWITCHED_OFF, TALK_FOLDER, SpeechService, speech_options
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.speech.messages import OPEN_DEFAULT, OPEN_SPHINX
from tests.bridge.requests.test_generate import a_set
from tests.bridge.services.some_services import some_services
from tests.bridge.stage import SECRET, TOKEN, Stage, a_script_hello, ready_stage

STYLES = read_styles()


def a_talk(folder: Path, state: State, told: list[Event], threads: ThreadPoolExecutor) -> SpeechService:
    copilot = Copilot(folder, STYLES, lambda _: None, None)
    services = some_services(told.append, {1: a_set()}, folder, Settings(talk=False), state=state, threads=threads)
    return SpeechService(services, copilot, threads)


def test_the_settings_choose_recogniser_microphone_and_recordings(tmp_path: Path) -> None:
    plain = speech_options(Settings(), tmp_path)
    assert (plain.microphone, plain.recogniser, plain.keep) == ("", OPEN_DEFAULT, None)
    kept = speech_options(Settings(microphone="Scarlett", keep_talk=True), tmp_path)
    assert (kept.microphone, kept.keep) == ("Scarlett", tmp_path / TALK_FOLDER)


def test_pocketsphinx_alone_is_opened_for_who_wants_it(tmp_path: Path) -> None:
    assert speech_options(Settings(recogniser="sphinx"), tmp_path).recogniser == OPEN_SPHINX


def test_a_talk_that_is_switched_off_opens_nothing_and_says_how_to_have_it(tmp_path: Path) -> None:
    told: list[Event] = []

    async def talk() -> None:
        with ThreadPoolExecutor(1) as threads:
            work = a_talk(tmp_path, State(TOKEN, "0.1.0", 48_000, SECRET), told, threads)
            work.start()
            work.expect()
            work.perform(ArmMicrophone(True))
            work.perform(StartSpeech((7, 1)))
            work.close()

    asyncio.run(talk())
    assert [(type(event), getattr(event, "sentence", "")) for event in told] == [(SpeechFailed, SWITCHED_OFF)]


def test_a_sentence_whose_live_has_gone_is_answered(tmp_path: Path) -> None:
    told: list[Event] = []

    async def talk() -> None:
        with ThreadPoolExecutor(1) as threads:
            work = a_talk(tmp_path, State(TOKEN, "0.1.0", 48_000, SECRET), told, threads)
            work.start()
            work.perform(Understand((7, 1), 1, "live-1", "give me drums", 1.0))

    asyncio.run(talk())
    (answered,) = told
    assert isinstance(answered, Understood)
    assert isinstance(answered.verdict, Declined)
    assert "Live has gone" in answered.verdict.sentence


def hints_after(folder: Path, monkeypatch: pytest.MonkeyPatch, stage: Stage, session: int, actions: int) -> list[Event]:
    """Return the suggestions after a number of bass parts made by a session's device."""
    monkeypatch.setattr("musearoo.bridge.services.speech.HINT_AFTER", 0.01)
    told: list[Event] = []
    state = replace(stage.state, lives={1: Live(1, a_script_hello(), 0.0, ready=True)})

    async def play() -> None:
        with ThreadPoolExecutor(1) as threads:
            work = a_talk(folder, state, told, threads)
            work.start()
            for number in range(actions):
                order = Generate(session, number + 1, "bassaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", -1, -1, 0)
                work.perform(NoteDone("live-1", session, order, f"device:{number}", "funk bass", 1, 1))
            await asyncio.sleep(0.1)

    asyncio.run(play())
    return told


def test_a_hint_comes_after_a_few_deeds_to_the_device_that_did_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, session = ready_stage()
    assert hints_after(tmp_path, monkeypatch, stage, session, actions=1) == []
    (hint,) = hints_after(tmp_path, monkeypatch, stage, session, actions=3)
    assert isinstance(hint, Suggested)
    assert hint.session == session


def test_a_hint_does_not_talk_over_what_is_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, session = ready_stage()
    stage.press(session, 9)
    assert hints_after(tmp_path, monkeypatch, stage, session, actions=3) == []
