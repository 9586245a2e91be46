"""A version is found by what people call it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from musearoo.bridge.versions.blobs import VersionsError
from musearoo.bridge.versions.finding import find_version, tell_when
from musearoo.bridge.versions.repository import Repository
from tests.bridge.versions.some_versions import a_tree, versions_in

NOW = datetime(2026, 11, 25, 18, 0).timestamp()
HOUR = 3600.0
HISTORY = (
    (-50 * HOUR, "First sketch"),
    (-26 * HOUR, "Bass busier, bars 5 to 8"),
    (-20 * HOUR, "Drums new"),
    (-3 * HOUR, "The break"),
    (-0.5 * HOUR, "Melody moved, bar 2"),
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A history of some days."""
    made = versions_in(tmp_path).create("Song", NOW - 100 * HOUR)
    for number, (at, message) in enumerate(HISTORY):
        made.commit(a_tree(tempo=100.0 + number), {}, message, now=NOW + at, kind="made" if number == 2 else "asked")
    made.tag("demo", made.refs.head)
    return made


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "Melody moved, bar 2"),
        ("latest", "Melody moved, bar 2"),
        ("main", "Melody moved, bar 2"),
        ("demo ~1", "The break"),
        ("~2", "Bass busier, bars 5 to 8"),
        ("yesterday", "Drums new"),
        ("2 hours ago", "The break"),
        ("an hour ago", "The break"),
        ("1 day ago", "Bass busier, bars 5 to 8"),
        ("2026-11-24", "Drums new"),
        ("2026-11-24 16:00", "Bass busier, bars 5 to 8"),
        ("tuesday", "Drums new"),
        ("before the break", "Drums new"),
        ("the version before the break", "Drums new"),
        ("the break", "The break"),
        ("busier bass", "Bass busier, bars 5 to 8"),
    ],
)
def test_words_mean_a_version(repository: Repository, words: str, message: str) -> None:
    assert find_version(repository, words, NOW).commit.message == message


def test_a_number_means_a_version_also_of_another_repository(repository: Repository) -> None:
    head = repository.refs.head
    assert find_version(repository, head[:8], NOW).key == head
    other = repository.versions.create("Other", NOW)
    assert find_version(other, head, NOW).key == head


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("polka", "has no version “polka”"),
        ("9 weeks ago", "has no version from 9 weeks ago: the first is of 2026-11-23"),
        ("~40", "only 3 versions before"),
        ("0" * 64, "is missing"),
    ],
)
def test_what_there_is_not_is_told(repository: Repository, words: str, sentence: str) -> None:
    with pytest.raises(VersionsError, match=sentence):
        find_version(repository, words, NOW)
    with pytest.raises(VersionsError, match="has no version yet"):
        find_version(repository.versions.create("Empty", NOW), "", NOW)


def test_a_version_is_called_by_its_time(repository: Repository) -> None:
    version = find_version(repository, "the break", NOW)
    assert tell_when(version, NOW) == "today 15:00"
    assert tell_when(version, NOW + 24 * HOUR) == "yesterday 15:00"
    assert tell_when(version, (datetime.fromtimestamp(NOW) + timedelta(days=400)).timestamp()) == "25 Nov 2026 15:00"
