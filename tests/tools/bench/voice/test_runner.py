"""What `musearoo bench voice` runs for which options, and what it says where it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

from musearoo.bridge.cli import main
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice import runner as bench
from musearoo.tools.bench.voice import spoken
from musearoo.tools.bench.voice.hearing import Session


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Session]]:
    """The sessions that the bench would run, recorded instead."""
    planned: list[Sequence[Session]] = []

    def judge(sessions: Sequence[Session], tell: Callable[[str, int, int], None]) -> Iterator[Row]:
        planned.append(sessions)
        tell("something", 1, 1)
        yield Row("flite, clean", "exact commands", "%", 95.0, 20.0, True)

    monkeypatch.setattr(bench, "judge_speech", judge)
    monkeypatch.setattr(bench, "judge_outside", judge)
    monkeypatch.setattr(bench, "is_installed", lambda _: True)
    monkeypatch.setattr(bench, "find_music", lambda _: ())
    return planned


def test_a_part_alone_is_judged_and_told_as_rows(
    heard: list[Sequence[Session]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "voice", "--only", "speech", "--sentences", "12", "--voices", "flite slt", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["rows"][0] == {
        "name": "flite, clean: exact commands",
        "unit": "%",
        "ours": 95.0,
        "peer": 20.0,
        "ratio": 4.75,
        "met": True,
        "note": "",
    }
    assert "speech synthesisers" in report["notes"][0]
    ((clean, *_),) = heard
    assert len(clean.sayings) == 12
    assert clean.has_peer


def test_the_peer_can_be_left_out(heard: list[Sequence[Session]]) -> None:
    assert main(["bench", "voice", "--only", "speech", "outside", "--sentences", "3", "--no-peer", "--json"]) == 0
    assert {session.has_peer for sessions in heard for session in sessions} == {False}


def test_all_sentences_by_all_voices_in_a_full_run(heard: list[Sequence[Session]]) -> None:
    assert main(["bench", "voice", "--only", "speech", "--full", "--json"]) == 0
    (sessions,) = heard
    assert len(sessions) == 3 * len(spoken.SPEAKERS)
    assert {len(session.sayings) for session in sessions} == {len(sessions[0].sayings)}
    assert len(sessions[0].sayings) >= 200


def test_an_unknown_voice_is_named(heard: list[Sequence[Session]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "voice", "--only", "speech", "--voices", "flite nobody"]) == 1
    assert "flite nobody" in capsys.readouterr().err
    assert heard == []


def test_without_a_synthesiser_it_is_said_what_to_install(
    heard: list[Sequence[Session]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "is_installed", lambda _: False)
    assert main(["bench", "voice", "--only", "speech"]) == 1
    assert "apt install flite" in capsys.readouterr().err
    monkeypatch.setattr(bench, "is_installed", lambda program: program == "espeak-ng")
    assert main(["bench", "voice", "--only", "outside"]) == 1, "the targets are for flite's voices"
    assert heard == []
