"""Outcomes of requests and transactions, as events for the conductor."""

import time
from collections.abc import Collection, Iterator, Sequence

from musearoo.bridge.core.events.effects import AnalyzeClip, Capture, Compose, Effect, ImagineLoops, Separate
from musearoo.bridge.core.events.incoming import ClipWritten, EffectFailed, LoadedSound, NotComposed
from musearoo.bridge.core.events.midi import BeginJam, KeepPlayed
from musearoo.bridge.core.events.versions import FetchVersion, StoreVersion, VersionEffect
from musearoo.bridge.live_set.mirror import SetMirror, missing_drums
from musearoo.bridge.protocol import (
    ApiEdit,
    Audition,
    Generate,
    Keep,
    LoadInstrument,
    Mix,
    Refine,
    Refusal,
    Result,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message, WireError
from musearoo.bridge.requests.adjust_data import Adjust
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.logs import LOG

RequestEffect = Compose | AnalyzeClip | Separate | ImagineLoops | Capture | KeepPlayed | BeginJam | VersionEffect
"""Effects that carry out a request."""


def effect_failed(effect: Effect, error: Exception) -> EffectFailed:
    """Return why an effect failed: it does not fit the wire, the system refused it, or it is a bug."""
    match error:
        case RequestError():
            return EffectFailed(time.monotonic(), effect, error.sentence)
        case WireError():
            reason = f"This cannot be sent ({error})"
        case OSError():
            reason = f"The system refused it ({error.strerror or error})"
        case _:
            reason = "That went wrong by a fault of ours"
    return EffectFailed(time.monotonic(), effect, f"{reason}: the log says where. Nothing was written.")


def request_failed(request: RequestEffect, error: Exception) -> NotComposed:
    """Return why a request failed; the traceback of a bug is logged.

    Files that remain are named in the error's notes.
    """
    if isinstance(error, RequestError):
        return NotComposed(time.monotonic(), request.key, error.code, error.sentence)
    who, (session, press) = _who(request), request.key
    LOG.error("Press %d of session %d failed by a fault of ours (%s)", press, session, who, exc_info=error)
    kept = getattr(error, "__notes__", ["Nothing was written."])
    sentence = " ".join([f"{who} failed by a fault of ours: the log says where.", *kept])
    return NotComposed(time.monotonic(), request.key, Refusal.ENGINE_FAILED, sentence)


def _who(request: RequestEffect) -> str:
    """Return the name of the button that was pressed."""
    match request:
        case Separate():
            return "Split"
        case ImagineLoops():
            return "Imagine"
        case Capture():
            return "Listen"
        case StoreVersion():
            return "Keep this idea"
        case FetchVersion():
            return "Back to"
        case KeepPlayed() | Compose(request=Keep()):
            return "Keep"
        case Compose(request=Audition()):
            return "AnalyzeClip"
        case BeginJam():
            return "Jam"
        case Compose(request=Generate(engine=engine)):
            return engine
        case Compose(request=Refine()):
            return "Refine"
        case Compose(request=WriteSong()):
            return "Song"
        case Compose(request=Mix()):
            return "Mix"
        case Compose(request=ApiEdit()):
            return "Edit"
        case Compose(request=Adjust(action=action)):
            return action.capitalize()
        case _:
            return "Analyse"


def clip_written(
    now: float, result: Result, mirror: SetMirror, edits: Sequence[Message] = (), chosen: Collection[str] = ()
) -> ClipWritten:
    """Return Live's report of the clips that it wrote by a transaction's edits, and of what they sound with.

    `chosen` are the names of the user's own instruments.
    """
    # Per edit an id and the number of notes read back; edits other than clips have none.
    ids, notes = result.ids[0::2], sum(result.ids[1::2])
    # Ids ascend: the highest is the newest clip, even if another one was muted after it.
    newest = max((one for one in ids if one in mirror.clips), default=0)
    clip = mirror.clips.get(newest)
    track = mirror.tracks.get(clip.track) if clip else None
    scene = mirror.scenes.get(clip.scene) if clip else None
    return ClipWritten(
        now=now,
        request=result.request,
        notes=notes,
        track=track.index if track else -1,
        scene=scene.index if scene else -1,
        name=clip.name if clip else "",
        sounds=tuple(_sounds_of(edits, ids, mirror, chosen)),
        ids=ids,
    )


def _sounds_of(
    edits: Sequence[Message], ids: Sequence[int], mirror: SetMirror, chosen: Collection[str]
) -> Iterator[LoadedSound]:
    """Yield what each new part sounds with, and the drums that its kit has not."""
    for edit, track in zip(edits, ids, strict=False):
        if not isinstance(edit, LoadInstrument) or track not in mirror.tracks:
            continue
        sounding = mirror.instruments.get(track)
        wanted, *others = edit.names or ("",)
        others = [name for name in others if name.casefold() != wanted.casefold()]
        yield LoadedSound(
            track=mirror.tracks[track].name,
            name=sounding.name if sounding else "",
            device=sounding.device if sounding else "",
            wanted=wanted,
            are_drums=bool(edit.drums),
            # Live may show what was chosen by another name: only one of the others tells that it was not there.
            is_second_choice=wanted in chosen and sounding is not None and sounding.name in others,
            missing=missing_drums(mirror, track) if edit.drums else (),
        )
