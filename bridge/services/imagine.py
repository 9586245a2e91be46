"""Translate an Imagine request into an audio generation request, and its takes into clips."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from musearoo.bridge.audio.folders import LOOPS, choose_folder
from musearoo.bridge.imagining.plan import Imagined
from musearoo.bridge.imagining.request import ImagineRequest, Source
from musearoo.bridge.protocol import Imagine, Refusal
from musearoo.bridge.requests.asked_music import with_key
from musearoo.bridge.requests.generate import SURE_STYLE, read_scene
from musearoo.bridge.requests.imagine import CONTINUE, FOLLOW_TUNE, ImagineReading, SoundSource, TakeFile, TuneSource
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import format_progression
from musearoo.engines.prompts.title import name_clip
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style

SURE_KEY: Final = 0.5
"""Least confidence of a scene's key that goes into the prompt: a wrong key is worse than none."""

MUSICGEN: Final = "musicgen"

USUAL_LOUDNESS: Final = -16.0
"""LUFS if nothing of the set has been analysed: leaves headroom for other tracks."""

SOFTEST: Final = -36.0
LOUDEST: Final = -8.0
"""Bounds in LUFS of a loop's loudness, whatever the neighbouring clips have."""


def make_imagine_request(
    reading: ImagineReading,
    styles: Mapping[str, Style],
    settings: Settings,
    home: Path,
    library: str,
    sample_rate: int,
) -> tuple[ImagineRequest, str]:
    """Return the request, and a sentence if the loops cannot go to their usual folder, else "".

    `home`: MuseAroo's folder; `library`: the User Library that the files must be in for this Live, "" for any place.
    Raises RequestError for an unknown key or style.
    """
    imagine, song = reading.imagine, reading.song
    try:
        context = with_key(read_scene(song, reading.neighbours, styles), imagine.key)
        style = find_style(imagine.style, styles).name if imagine.style else _sure_style(context)
    except ParamError as error:
        raise RequestError(Refusal.BAD_PARAMETER, f"Imagine: {error}.") from error
    meter = Meter(song.numerator, song.denominator)
    bars = max(1, round(context.chords_length / meter.bar_beats))
    folder = choose_folder(song.file_path, home, library, LOOPS)
    key = context.key.value if context.key.confidence >= SURE_KEY else None
    request = ImagineRequest(
        text=imagine.prompt,
        folder=str(folder.path),
        title=name_clip(imagine.prompt, 1, 1, style),
        bpm=song.tempo,
        numerator=song.numerator,
        denominator=song.denominator,
        bars=imagine.bars,
        key=str(key) if key else "",
        style=style,
        chords=format_progression(context.chords, meter, bars, key) if context.chords else "",
        playing=tuple(dict.fromkeys(part.role for part in context.parts if part.role != "unknown")),
        follow=bool(imagine.follow),
        seed=reading.seed,
        takes=imagine.takes,
        backend=imagine.backend,
        model=imagine.model or _model_of(imagine, settings),
        melody=_source(reading, FOLLOW_TUNE),
        notes=reading.source.notes if isinstance(reading.source, TuneSource) else (),
        before=_source(reading, CONTINUE),
        loudness_lufs=max(SOFTEST, min(LOUDEST, USUAL_LOUDNESS if reading.lufs is None else reading.lufs)),
        rate=sample_rate,
    )
    return request, folder.note


def list_take_files(made: Imagined, reading: ImagineReading) -> list[TakeFile]:
    """Return the takes' files as their clips need them."""
    bar = Meter(reading.song.numerator, reading.song.denominator).bar_beats
    return [
        TakeFile(
            path=str(take.path),
            name=take.title,
            bpm=take.bpm or reading.song.tempo,
            beats=(take.bars or reading.imagine.bars) * bar,
        )
        for take in made.takes
    ]


def _sure_style(context: MusicalContext) -> str:
    """Return the style of the scene if its confidence suffices, else ""."""
    return (context.style.value or "") if context.style.confidence >= SURE_STYLE else ""


def _model_of(imagine: Imagine, settings: Settings) -> str:
    """Return the model in the settings; "" for the default, or if the request follows a tune or names a backend."""
    is_plain = imagine.use != FOLLOW_TUNE and imagine.backend in ("", MUSICGEN)
    is_usual = settings.imagine_model == Settings().imagine_model
    return settings.imagine_model if is_plain and not is_usual else ""


def _source(reading: ImagineReading, use: int) -> Source | None:
    """Return the request's sound if it has this `use`; None for no sound, or for notes."""
    source = reading.source
    if not isinstance(source, SoundSource) or reading.imagine.use != use:
        return None
    return Source(source.path, source.start, source.end, source.bpm)
