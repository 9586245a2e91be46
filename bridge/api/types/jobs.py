"""Jobs, uploads, and the simple form in which jobs are asked for and polled. Times are Unix seconds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from musearoo.bridge.api.types.answers import Answer, JobState
from musearoo.bridge.api.types.requests import Bpm, KeyName, StyleName

FormatName = Literal["wav", "flac", "mp3", "opus"]
FileName = Annotated[str, Meta(max_length=255, description="name of the file; what file systems forbid is left out")]


class JobList(Answer, frozen=True, kw_only=True):
    """A page of jobs, newest first. `next`: the cursor of the next page, None at the end."""

    items: tuple[JobState, ...]
    next: str | None = None


class Render(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole set as a sound file: its Arrangement, or its scenes one after the other.

    `ending`: tail rings out after the music, loop adds what rings out to the beginning. `style` chooses instruments and
    mix.
    """

    format: FormatName = "wav"
    ending: Literal["tail", "loop"] = "tail"
    style: StyleName = ""


class NewUpload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file to upload in pieces: `bytes` is its whole size; `sha256` (hexadecimal) is checked at the end."""

    name: FileName = ""
    bytes: Annotated[int, Meta(ge=1, le=2**40)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None


class UploadState(Answer, frozen=True, kw_only=True):
    """An upload. `offset`: how many of its `bytes` are here; it is complete with all of them."""

    id: str
    name: str
    bytes: int
    offset: int
    complete: bool


class SimpleRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Music by words, in the form that simple clients know. Fields that are not known are ignored.

    What `prompt` says of genre, mood, tempo, key and length counts where the fields leave it open; the length is 30
    seconds unless something else is asked for.
    """

    prompt: Annotated[str, Meta(max_length=600)] = ""
    bpm: Bpm | None = None
    mood: Annotated[str, Meta(max_length=60)] = ""
    genre: Annotated[str, Meta(max_length=60)] = ""
    key: KeyName = ""
    duration_seconds: Annotated[float, Meta(ge=2, le=600)] | None = None
    format: FormatName = "mp3"
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None


class SimpleStatus(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """The state of a task. `progress`: 0 to 100. Once it is completed, `result_url` is its sound, `midi_url` its notes.

    `style` is the style that was played, and `note` says where that is only the nearest to what was asked for.
    """

    task_id: str
    status: Literal["processing", "completed", "failed", "cancelled"]
    progress: int = 0
    result_url: str = ""
    midi_url: str = ""
    session: str = ""
    style: str = ""
    bpm: float = 0.0
    key: str = ""
    duration_seconds: float = 0.0
    note: str = ""
    error: str = ""
