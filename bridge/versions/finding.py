"""Find a version by what people call it: a name, a number, a time, or what happened then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from musearoo.bridge.versions.blobs import VersionsError
from musearoo.bridge.versions.refs import Refs
from musearoo.bridge.versions.repository import Repository, Version

LATEST: Final = ("", "latest", "last", "now", "head")
KEY_DIGITS: Final = 64
SHORT_KEY: Final = 8
"""Digits of a version's key that are shown."""
_KEY: Final = re.compile(r"[0-9a-f]{4,64}")
_BACK: Final = re.compile(r"(.*?)\s*~\s*(\d{1,6})")
_AGO: Final = re.compile(r"(an?|\d{1,4})\s+(minute|hour|day|week)s?\s+ago")
_UNITS: Final = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0, "week": 604_800.0}
_BEFORE: Final = re.compile(r"(?:(?:the )?(?:version|one) )?before (?:the )?(.+)")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d?):(\d\d))?")


def find_version(repository: Repository, words: str, now: float) -> Version:
    """Return the version that words mean. Raises VersionsError.

    In this order: nothing or "latest"; a branch, a tag; the beginning of a key; any of these with "~2" for the second
    before it; a time such as "yesterday", "two hours ago" in digits, "friday" or "2026-11-25 18:30", for the last one
    up to then; "before the break", for the one before what is named so; else the latest whose message has the words.
    """
    text = " ".join(words.split())
    refs = repository.refs
    if text.casefold() in LATEST:
        if (latest := repository.latest()) is None:
            raise VersionsError(f"“{refs.name}” has no version yet: musearoo repo commit keeps the first.")
        return latest
    key = refs.branches.get(text) or refs.tags.get(text)
    if key:
        return Version(key, repository.versions.commits.get(key))
    if back := _BACK.fullmatch(text):
        return _go_back(repository, find_version(repository, back[1], now), int(back[2]))
    timeline = list(repository.log(all=True))
    if len(text) == KEY_DIGITS and _KEY.fullmatch(text):
        # Also of another repository: its clips can be taken over.
        return Version(text, repository.versions.commits.get(text))
    if _KEY.fullmatch(text):
        found = [version for version in timeline if version.key.startswith(text)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(version.key[: SHORT_KEY + 4] for version in found[:4])
            raise VersionsError(f"“{text}” begins several versions: {listed}. Say one digit more.")
    until = _read_time(text.casefold(), now)
    if until is not None:
        found = [version for version in timeline if version.commit.time <= until]
        if found:
            return found[0]
        raise VersionsError(f"“{refs.name}” has no version from {text}: the first is of {_day(timeline[-1])}.")
    if before := _BEFORE.fullmatch(text.casefold()):
        found = _by_message(timeline, before[1])
        earlier = [version for version in timeline if found and version.commit.time < found[0].commit.time]
        if earlier:
            return earlier[0]
    found = _by_message(timeline, text)
    if found:
        return found[0]
    raise VersionsError(f"“{refs.name}” has no version “{text[:60]}”: musearoo repo log --all lists them.{_near(refs)}")


def tell_when(version: Version, now: float) -> str:
    """Return what a version is called where it is brought back: when it was kept, such as "today 18:30"."""
    then, today = datetime.fromtimestamp(version.commit.time), datetime.fromtimestamp(now)
    days = (today.date() - then.date()).days
    day = {0: "today", 1: "yesterday"}.get(days) or f"{then.day} {then:%b}" + (f" {then.year}" if days > 300 else "")
    return f"{day} {then:%H:%M}"


def _go_back(repository: Repository, version: Version, steps: int) -> Version:
    for step in range(steps):
        if not version.commit.parents:
            raise VersionsError(f"There are only {step} versions before that one.")
        key = version.commit.parents[0]
        version = Version(key, repository.versions.commits.get(key))
    return version


def _by_message(timeline: list[Version], text: str) -> list[Version]:
    words = [word for word in re.findall(r"\w+", text.casefold()) if word not in ("the", "a", "an", "version")]
    return [
        version for version in timeline if words and all(word in version.commit.message.casefold() for word in words)
    ]


def _read_time(text: str, now: float) -> float | None:
    """Return the last second that a time means, in Unix seconds; None for words that are no time."""
    today = datetime.fromtimestamp(now).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    if ago := _AGO.fullmatch(text):
        return now - (1 if ago[1] in ("a", "an") else int(ago[1])) * _UNITS[ago[2]]
    if text in ("yesterday", "today"):
        return (today + timedelta(days=text == "today")).timestamp() - 1e-3
    if text.removeprefix("last ") in _DAYS:
        days = (today.weekday() - _DAYS.index(text.removeprefix("last "))) % 7 or 7
        return (today - timedelta(days=days - 1)).timestamp() - 1e-3
    if clock := _CLOCK.fullmatch(text):
        try:
            day = datetime.strptime(clock[1], "%Y-%m-%d").astimezone()
            if clock[2] is None:
                return (day + timedelta(days=1)).timestamp() - 1e-3
            return day.replace(hour=int(clock[2]), minute=int(clock[3])).timestamp() + 60.0 - 1e-3
        except ValueError:
            return None
    return None


def _day(version: Version) -> str:
    return f"{datetime.fromtimestamp(version.commit.time):%Y-%m-%d %H:%M}"


def _near(refs: Refs) -> str:
    named = list(_names(refs))
    return f" Names are {', '.join(f'“{name}”' for name in named[:6])}." if named else ""


def _names(refs: Refs) -> Iterator[str]:
    yield from refs.branches
    yield from refs.tags
