"""Plan an audio generation request: the model's input, and the files that its takes become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from musearoo import __version__
from musearoo.bridge.audio.drafts import Draft, create_file, explain_disk
from musearoo.bridge.audio.files import find_file, hash_audio
from musearoo.bridge.audio.folders import LOOPS, clean_title, place_files
from musearoo.bridge.imagining.choice import WITHOUT_MODEL, Choice, choose_generator
from musearoo.bridge.imagining.job import ImagineJob, ImagineResult, TakeJob
from musearoo.bridge.imagining.prompt_lexicon import read_lexicon
from musearoo.bridge.imagining.request import USUAL_BARS, USUAL_SECONDS, ImagineRequest, Source
from musearoo.bridge.imagining.sidecar import ENDING, Contents, Sidecar, encode_sidecar
from musearoo.bridge.jobs.contract import Report
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.protocol import LONGEST_NAME
from musearoo.bridge.settings.presets_folder import read_styles, stamp_styles
from musearoo.bridge.text.bounded import cut_text
from musearoo.engines.errors import EngineError
from musearoo.engines.prompts.model_text import assemble
from musearoo.engines.prompts.reading import read_prompt
from musearoo.engines.prompts.seeds import take_seeds
from musearoo.engines.prompts.tempo import usual_tempo
from musearoo.engines.prompts.title import name_clip
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style

OWN_STYLES: Final = "styles"
"""The folder of the user's styles in MuseAroo's."""


@dataclass(frozen=True, slots=True)
class ImaginedTake:
    """A generated sound with its sidecar; `beats` are in seconds of it, `notices` are sentences for the user."""

    path: Path
    sidecar: Path
    title: str
    """The clip's name, with the take's number and the label."""
    seed: int
    rate: int
    channels: int
    frames: int
    bpm: float | None
    bars: int | None
    beats: tuple[float, ...]
    first_audio_ms: float
    ms: float
    notices: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return self.frames / self.rate


@dataclass(frozen=True, slots=True)
class Imagined:
    """The takes of one request."""

    takes: tuple[ImaginedTake, ...]
    backend: str
    model: str
    label: str
    """Part of every title: "" for a model, one of WITHOUT_MODEL otherwise."""
    licence: str
    """Of the model, in a few words; "" for a sketch, which needs none."""
    prompt: str
    """The model's input."""
    notices: tuple[str, ...]
    """Sentences for the user about all takes."""

    @property
    def files(self) -> tuple[str, ...]:
        """All files that were written."""
        return tuple(str(path) for take in self.takes for path in (take.path, take.sidecar))


@dataclass(frozen=True, slots=True)
class GenerationPlan:
    """A request that is ready to run; the job writes into `draft`. `contents` are hashes of its sources."""

    choice: Choice
    job: ImagineJob
    titles: tuple[str, ...]
    contents: Contents
    draft: Draft
    notices: tuple[str, ...]


class GenerationPlanner:
    """Prepare and finish audio generation. All methods access disks, so the daemon calls them in a thread.

    `home`: MuseAroo's folder. `allowed`: the folders that sources must be in, None for any. All methods raise
    AudioFileError, ParamError, PresetError or EngineError, with one sentence.
    """

    def __init__(self, home: Path, store: ModelStore, allowed: Sequence[Path] | None) -> None:
        self._home = home
        self._own_styles = home / OWN_STYLES
        self._store = store
        self._allowed = allowed
        self._styles: tuple[object, Mapping[str, Style]] = (None, {})

    def prepare(self, request: ImagineRequest, report: Report) -> GenerationPlan:
        """Return the plan for a request."""
        request.require_sensible()
        report(0.0, "reading the prompt")
        choice = choose_generator(request, self._store)
        request, contents = self._find_sources(request)
        request, notices = self._word(request)
        request.require_length(request.bpm)
        titles = name_takes(request, choice.label)
        folder = Path(request.folder).absolute()
        for path in (folder / f"{name}.wav" for name in request.names):
            require_free(path)
            require_free(path.with_suffix(ENDING))
        try:
            draft = Draft(folder, self._home)
        except OSError as error:
            raise explain_disk(error, folder, LOOPS) from error
        takes = [
            TakeJob(seed, f"{number}.wav")
            for number, seed in enumerate(take_seeds(request.seed, request.takes), start=1)
        ]
        job = ImagineJob(
            request=request,
            takes=tuple(takes),
            imaginer=choice.backend,
            model=choice.model,
            weights={name: str(place) for name, place in choice.weights.items()},
            version=choice.version,
            separator=choice.separator,
            folder=str(draft.folder),
            styles=str(self._own_styles),
        )
        return GenerationPlan(choice, job, titles, contents, draft, notices)

    def finish(self, plan: GenerationPlan, result: ImagineResult) -> Imagined:
        """Move a finished job's files into their folder, with their sidecars, and remove the draft."""
        request, choice = plan.job.request, plan.choice
        folder = Path(request.folder).absolute()
        with plan.draft:
            drafts: dict[str, Path] = {}
            try:
                for number, (take, title) in enumerate(zip(result.takes, plan.titles, strict=True)):
                    sound = drafts[_sound(number)] = plan.draft.folder / take.file
                    sidecar = Sidecar(
                        musearoo=__version__,
                        title=title,
                        licence=choice.licence,
                        version=f"{choice.version} {choice.separator}".strip(),
                        device=result.device,
                        precision=result.precision,
                        request=_alone(request, choice, take.seed),
                        contents=plan.contents,
                        frames=take.frames,
                        channels=take.channels,
                        correction=take.correction,
                        told=(*plan.notices, *take.notices),
                    )
                    drafts[_sidecar(number)] = sound.with_suffix(ENDING)
                    with create_file(drafts[_sidecar(number)]) as file:
                        file.write(encode_sidecar(sidecar))
                places = place_files(drafts, folder, lambda number: name_files(request, choice.label, number))
            except OSError as error:
                raise explain_disk(error, folder, LOOPS) from error
        takes = [
            ImaginedTake(
                path=places[_sound(number)],
                sidecar=places[_sidecar(number)],
                title=title,
                seed=take.seed,
                rate=take.rate,
                channels=take.channels,
                frames=take.frames,
                bpm=request.bpm,
                bars=request.bars,
                beats=take.beats,
                first_audio_ms=take.first_audio_ms,
                ms=take.ms,
                notices=take.notices,
            )
            for number, (take, title) in enumerate(zip(result.takes, plan.titles, strict=True))
        ]
        return Imagined(
            tuple(takes), choice.backend, choice.model, choice.label, choice.licence, request.prompt, plan.notices
        )

    def _find_sources(self, request: ImagineRequest) -> tuple[ImagineRequest, Contents]:
        """Return the request with its sources' resolved paths, and their hashes."""

        def find(source: Source | None) -> tuple[Source | None, str]:
            if source is None:
                return None, ""
            found = find_file(source.path, self._allowed)
            return replace(source, path=str(found.path)), hash_audio(found.path, self._allowed)

        melody, tune = find(request.melody)
        before, beginning = find(request.before)
        return replace(request, melody=melody, before=before), Contents(tune, beginning)

    def _word(self, request: ImagineRequest) -> tuple[ImagineRequest, tuple[str, ...]]:
        """Return the request completed from its text, and sentences on how the text was understood."""
        styles = self._read_styles()
        style = find_style(request.style, styles).name if request.style else ""
        lexicon = read_lexicon(styles)
        reading = read_prompt(request.text, lexicon)
        meter = reading.meter if request.numerator is None and reading.meter else request.meter
        request = replace(request, style=style, numerator=meter.numerator, denominator=meter.denominator)
        if request.bars is None:
            request = choose_length(request, reading.bars)
        if request.bpm is None and (request.is_loop or request.backend in WITHOUT_MODEL):
            spoken = styles.get(style or reading.style)
            request = replace(request, bpm=reading.bpm or usual_tempo(reading, spoken))
        if request.prompt:
            return request, ()
        prompt = assemble(request.text, request.facts, request.follow, lexicon)
        return replace(request, prompt=prompt.text), prompt.messages

    def _read_styles(self) -> Mapping[str, Style]:
        stamp = stamp_styles(self._own_styles)
        if self._styles[0] != stamp:
            self._styles = stamp, read_styles(self._own_styles)
        return self._styles[1]


def choose_length(request: ImagineRequest, bars_in_text: int | None) -> ImagineRequest:
    """Return the request with a length: the bars in the text, the usual bars at a tempo, or else seconds."""
    if request.seconds is not None:
        bars = request.count_bars()
    else:
        bars = bars_in_text or (None if request.bpm is None else USUAL_BARS)
    if bars is None:
        return replace(request, seconds=request.seconds or USUAL_SECONDS)
    return replace(request, bars=bars, seconds=None)


def name_takes(request: ImagineRequest, label: str) -> tuple[str, ...]:
    """Return the titles of a request's takes, numbered if there are several, with the label."""
    return tuple(cut_text(_title(request), LONGEST_NAME, ending) for ending in _endings(request.takes, label))


def name_files(request: ImagineRequest, label: str, number: int) -> dict[str, str]:
    """Return the file names of the takes and their sidecars, numbered from the second time on.

    If the request names its files, raises EngineError the second time.
    """
    if request.names and number > 1:
        raise EngineError(f"{request.names[0]}.wav has come to be there meanwhile: choose another name.")
    again = f" ({number})" if number > 1 else ""
    title = clean_title(_title(request), Path(request.folder))
    stems = request.names or [f"{title}{ending}{again}" for ending in _endings(request.takes, label)]
    sounds = {_sound(place): f"{stem}.wav" for place, stem in enumerate(stems)}
    return sounds | {_sidecar(place): f"{stem}{ENDING}" for place, stem in enumerate(stems)}


def require_free(path: Path) -> None:
    """Raise EngineError if a path exists or can never be created."""
    try:
        is_there = path.exists()
    except OSError as error:
        raise EngineError(f"{path} cannot be written ({error.strerror or error}): choose another name.") from error
    if is_there:
        raise EngineError(f"{path} is there already: choose another name, or move it away.")


def _title(request: ImagineRequest) -> str:
    return request.title or name_clip(request.text, 1, 1, request.style)


def _endings(takes: int, label: str) -> Iterable[str]:
    ending = f" ({label})" if label else ""
    for number in range(1, takes + 1):
        yield f" · take {number}{ending}" if takes > 1 else ending


def _sound(number: int) -> str:
    return f"sound {number}"


def _sidecar(number: int) -> str:
    return f"sidecar {number}"


def _alone(request: ImagineRequest, choice: Choice, seed: int) -> ImagineRequest:
    """Return the request that reproduces one take, in any folder."""
    return replace(request, folder="", names=(), seed=seed, takes=1, backend=choice.backend, model=choice.model)
