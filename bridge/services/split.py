"""Translate a Split request, or a clip's arrival, into a separation request: passage, settings and folder."""

from pathlib import Path
from typing import Final

from musearoo.bridge.audio.folders import STEMS, choose_folder
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Split
from musearoo.bridge.requests.split import SplitReading
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.stems.plan import SplitRequest
from musearoo.engines.music.stems import FOUR_STEMS

USUAL_MODEL: Final = Settings().split_model


def make_split_request(
    mirror: SetMirror, reading: SplitReading, settings: Settings, home: Path, library: str
) -> tuple[SplitRequest, str]:
    """Return the request, and a sentence if the stems cannot go to their usual folder, else "".

    `home`: MuseAroo's folder; `library`: the User Library that the files must be in for this Live, "" for any place.
    """
    split = reading.split
    folder = choose_folder(mirror.song.file_path if mirror.song else "", home, library, STEMS)
    request = SplitRequest(
        path=reading.path,
        folder=folder.path,
        title=reading.name,
        start=reading.start,
        end=reading.end,
        frames=reading.frames,
        backend=split.backend,
        stems=split.stems,
        model=_choose_model(split, settings),
        subtype="FLOAT" if settings.stem_bits == 32 else "PCM_24",
    )
    return request, folder.note


def _choose_model(split: Split, settings: Settings) -> str:
    """Return the model in the settings; "" for the default, for which the fallback may be used."""
    is_usual = settings.split_model == USUAL_MODEL
    return "" if is_usual or split.backend == "dsp" or split.stems != len(FOUR_STEMS) else settings.split_model
