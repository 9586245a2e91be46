"""Plan a split: choose the separator, look up the cache, and name the files of the stems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Final

from musearoo import __version__
from musearoo.bridge.audio.drafts import Draft, copy_file, explain_disk, require_space
from musearoo.bridge.audio.files import LONGEST, FoundFile, find_file, hash_audio, require_stretch
from musearoo.bridge.audio.folders import STEMS, clean_title, place_files
from musearoo.bridge.cache import catalogue
from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.jobs.contract import Report
from musearoo.bridge.models.store import ModelStore
from musearoo.bridge.stems.cache import FoundStems, StemCache, StemFacts, StemKey
from musearoo.bridge.stems.job import SplitJob, SplitResult
from musearoo.engines.errors import EngineError, ParamError, require_between
from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.engines.neural.cards.catalogue import explain_missing_packages, find_model

BACKENDS: Final = ("", "demucs", "dsp")

USUAL_MODELS: Final[Mapping[int, str]] = {4: "htdemucs", 6: "htdemucs_6s"}

DSP_LABEL: Final = "DSP"

SUBTYPES: Final = ("FLOAT", "PCM_24")

MOST_FRAMES: Final = round(LONGEST) * 192_000
"""Most frames: half an hour at the highest rate, whose stems still fit into a WAV file."""


@dataclass(frozen=True, slots=True)
class SplitRequest:
    """A file to separate, and the folder for its stems.

    Outside of `start` to `end` (seconds; None: to the file's end) the stems are silent; they are as long as the file.
    """

    path: str
    folder: Path
    title: str
    """The beginning of the files' names: "<title> · Drums.wav", or "<title> · Drums (DSP).wav"."""
    start: float = 0.0
    end: float | None = None
    backend: str = ""
    """One of BACKENDS; "" for the best one installed."""
    stems: int = 4
    """4 or 6; ignored if a model is named."""
    model: str = ""
    """A model's name in the catalogue; "" for the backend's default."""
    subtype: str = "FLOAT"
    """One of SUBTYPES."""
    frames: int = 0
    """The length of the stems in frames at the file's rate; 0 for the file's.

    Programs disagree by some samples on the end of a compressed file: the stems are cut or padded with silence there.
    """


@dataclass(frozen=True, slots=True)
class SplitFiles:
    """The stems of a file, made now or found in the cache."""

    files: Mapping[StemName, Path]
    backend: str
    model: str
    label: str
    """Part of every name of its results: "" for Demucs, "DSP" for the fallback."""
    licence: str
    """The model's licence in a few words; "" for the fallback, which needs none."""
    rate: int
    channels: int
    frames: int
    content: str
    """The hash of the source's bytes."""
    from_cache: bool
    notes: tuple[str, ...]
    """Sentences for the user."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen separator. `version` names it, its version and its weights, for the cache."""

    backend: str
    model: str
    stems: tuple[StemName, ...]
    label: str
    licence: str
    version: str
    weights: Path | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """A split that is ready to run; the job writes into `draft`."""

    request: SplitRequest
    choice: Choice
    key: StemKey
    job: SplitJob
    draft: Draft


class SplitPlanner:
    """Prepare and finish splits. All methods access disks, so the daemon calls them in a thread.

    `home`: MuseAroo's folder, for the index of stems. `allowed`: the folders that sources must be in, None for any.
    `bounds`: those of the stems in `home`. All methods raise AudioFileError, ParamError or EngineError, with one
    sentence.
    """

    def __init__(
        self, home: Path, store: ModelStore, allowed: Sequence[Path] | None, bounds: Bounds = catalogue.STEMS.bounds
    ) -> None:
        self._home = home
        self._cache = StemCache.in_home(home)
        self._kept_here = catalogue.STEMS.open_folder(home.absolute(), bounds)
        self._store = store
        self._allowed = allowed

    def prepare(self, request: SplitRequest, report: Report) -> SplitFiles | SplitPlan:
        """Return the stems from the cache (copied if they are in another folder), or the plan to make them."""
        if request.subtype not in SUBTYPES:
            raise ParamError("subtype", f"one of {', '.join(SUBTYPES)}", request.subtype)
        require_between("frames", request.frames, 0, MOST_FRAMES)
        require_stretch(request.start, request.end)
        report(0.0, "looking at the file")
        choice = choose_separator(request, self._store)
        found = find_file(request.path, self._allowed)
        content = hash_audio(found.path, self._allowed)
        end_us = -1 if request.end is None else round(request.end * 1e6)
        key = StemKey(content, round(request.start * 1e6), end_us, request.frames, choice.version, request.subtype)
        folder = request.folder.absolute()
        kept = self._cache.find(key, folder)
        if kept is not None and kept.folder == folder:
            if folder == self._kept_here.folder:
                for path in kept.files.values():
                    self._kept_here.mark(path)
            return _describe(kept, content, True, choice.note)
        try:
            draft = Draft(folder, self._home)
        except OSError as error:
            raise explain_disk(error, folder, STEMS) from error
        if kept is not None:
            with draft:
                return self._copy(request, key, kept, draft, choice.note, report)
        return SplitPlan(request, choice, key, _describe_job(request, found, choice, draft), draft)

    def finish(self, plan: SplitPlan, result: SplitResult) -> SplitFiles:
        """Move a finished job's files into their folder, and remove the draft."""
        choice = plan.choice
        with plan.draft:
            drafts = {stem: plan.draft.folder / name for stem, name in plan.job.names.items()}
            facts = StemFacts(
                choice.backend,
                choice.model,
                choice.label,
                choice.licence,
                result.rate,
                result.channels,
                result.frames,
                choice.version,
                plan.key.is_whole,
                tuple(result.notes),
            )
            stems = self._place(plan.request, plan.key, drafts, facts)
        return _describe(stems, plan.key.content, False, choice.note)

    def _copy(
        self, request: SplitRequest, key: StemKey, kept: FoundStems, draft: Draft, note: str, report: Report
    ) -> SplitFiles:
        """Copy stems from another folder; a link would carry an edit in one set to the other."""
        drafts = {}
        try:
            require_space(draft.folder, sum(path.stat().st_size for path in kept.files.values()), STEMS)
            for number, (stem, path) in enumerate(kept.files.items()):
                drafts[stem] = draft.folder / path.name
                copy_file(path, drafts[stem], partial(report, number / len(kept.files), "copying"))
        except OSError as error:
            raise explain_disk(error, draft.beside, STEMS) from error
        stems = self._place(request, key, drafts, kept.facts)
        return _describe(stems, key.content, True, note)

    def _place(
        self, request: SplitRequest, key: StemKey, drafts: Mapping[StemName, Path], facts: StemFacts
    ) -> FoundStems:
        folder = request.folder.absolute()
        try:
            names = partial(name_stems, clean_title(request.title, folder), tuple(drafts), facts.label)
            stems = FoundStems(place_files(drafts, folder, names), facts)
        except OSError as error:
            raise explain_disk(error, folder, STEMS) from error
        self._cache.keep(key, stems)
        if folder == self._kept_here.folder:
            self._kept_here.sweep()
        return stems


def name_stems(title: str, stems: Sequence[StemName], label: str, number: int = 1) -> dict[StemName, str]:
    """Return file names for stems: a clean title, the separator's label ("" for none), a number if they exist.

    >>> name_stems("Loop", ("drums", "bass"), ""), name_stems("Loop", ("drums",), "DSP", 2)
    ({'drums': 'Loop · Drums.wav', 'bass': 'Loop · Bass.wav'}, {'drums': 'Loop · Drums (DSP) 2.wav'})
    """
    ending = f" ({label})" if label else ""
    ending += f" {number}" if number > 1 else ""
    return {stem: f"{title} · {stem.capitalize()}{ending}.wav" for stem in stems}


def choose_separator(request: SplitRequest, store: ModelStore) -> Choice:
    """Choose the separator for a request: Demucs if its packages and weights are installed, else the DSP separator.

    Raises ParamError for a contradictory request, EngineError if a requested separator is not installed.
    """
    if request.backend not in BACKENDS:
        raise ParamError("backend", "demucs, dsp or empty", request.backend)
    if request.model and request.backend == "dsp":
        raise ParamError("model", "empty for the backend dsp, which has none", request.model)
    if request.stems not in USUAL_MODELS:
        raise ParamError("stems", " or ".join(map(str, USUAL_MODELS)), request.stems)
    if request.backend == "dsp":
        if request.stems != len(FOUR_STEMS):
            raise ParamError("stems", "4 for the backend dsp (guitar and piano need demucs)", request.stems)
        return _choose_dsp("")
    card = find_model(request.model or USUAL_MODELS[request.stems], "demucs")
    weights = store.find(card.name)
    lack = explain_missing_packages(card) or ("" if weights else store.explain_missing(card.name))
    if not lack and weights is not None:
        version = name_demucs(card.name, store)
        return Choice("demucs", card.name, card.stems, "", card.licence, version, weights)
    if request.backend == "demucs" or request.model or request.stems != len(FOUR_STEMS):
        raise EngineError(lack)
    return _choose_dsp(f"This was split by the DSP fallback, which is plainer than Demucs. {lack}")


def name_demucs(model: str, store: ModelStore) -> str:
    """Return the version of an installed Demucs model, for caches and loaded models."""
    return f"demucs {__version__} {model} {store.identify(model)}"


def _choose_dsp(note: str) -> Choice:
    # Imported here, because it imports NumPy and SciPy.
    from musearoo.engines.audio.separation.dsp import DspSeparator

    return Choice("dsp", "", FOUR_STEMS, DSP_LABEL, "", f"dsp {DspSeparator.version}", note=note)


def _describe_job(request: SplitRequest, found: FoundFile, choice: Choice, draft: Draft) -> SplitJob:
    return SplitJob(
        path=str(found.path),
        state=astuple(found.state),
        start=request.start,
        end=request.end,
        frames=request.frames,
        separator=choice.backend,
        model=choice.model,
        weights=str(choice.weights or ""),
        version=choice.version,
        folder=str(draft.folder),
        names={stem: f"{stem}.wav" for stem in choice.stems},
        in_24_bits=request.subtype == "PCM_24",
    )


def _describe(stems: FoundStems, content: str, from_cache: bool, note: str) -> SplitFiles:
    facts = stems.facts
    return SplitFiles(
        stems.files,
        facts.backend,
        facts.model,
        facts.label,
        facts.licence,
        facts.rate,
        facts.channels,
        facts.frames,
        content,
        from_cache,
        tuple(each for each in (note, *facts.notes) if each),
    )
