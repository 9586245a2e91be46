"""The daemon's ears: reads passages of files, hears them or recalls what was heard, and has the worker hear deeply."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.analysis_cache import AnalysisCache, AnalysisKey
from bridge.audio_files import AudioFileError, hash_audio, read_audio
from bridge.jobs.contract import Fault, Job, JobBackend, JobError, JobHandle, Priority
from bridge.jobs.hearing import KIND, describe_job
from bridge.listener import CANCELLED, Answer, ShowProgress
from bridge.listening import Passage
from bridge.logs import LOG
from bridge.settings import Settings
from engines.errors import EngineError, ParamError
from engines.models.madmom_package import describe_madmom, find_madmom
from engines.music.analysis import Analysis, Depth
from engines.music.analysis_json import load_analysis
from engines.styles.style import Style

if TYPE_CHECKING:
    # NumPy comes with these: the daemon starts without it.
    from engines.brainaroo.hearing.fast import Beside, Learned
    from engines.brainaroo.hearing.sound import Sound


def audio_folders(settings: Settings) -> tuple[Path, ...]:
    """The folders that audio may be read from: those of the settings, else the user's own and what holds samples."""
    if settings.audio_folders:
        return tuple(Path(folder).expanduser() for folder in settings.audio_folders)
    if sys.platform == "win32":
        # Samples lie on any drive; on the first, in the user's own folder and where Live keeps its packs.
        drives = [Path(f"{letter}:/") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"]
        return (Path.home(), Path("C:/ProgramData/Ableton"), *(drive for drive in drives if drive.exists()))
    if sys.platform == "darwin":
        return Path.home(), Path("/Volumes"), Path("/Library/Application Support/Ableton"), Path("/Users/Shared")
    return Path.home(), Path("/media"), Path("/mnt"), Path("/run/media"), Path("/srv")


def explain_why_not_deep(settings: Settings) -> str:
    """One sentence why there is no deep pass, empty where there is one."""
    if not settings.deep_networks:
        return "The deep analysis is switched off: set deep_networks to true in the settings to have it."
    return "" if find_madmom() else describe_madmom()


def work_in(pool: ThreadPoolExecutor) -> "Beside":
    """Has work done in a pool, beside the thread that asks for it."""
    return lambda work: pool.submit(work).result


def make_ears(
    settings: Settings, styles: Mapping[str, Style], home: Path, worker: Callable[[], JobBackend]
) -> "MachineEars":
    """The daemon's ears as the settings want them; analyses are kept in `home`."""
    return MachineEars(
        home / "analyses",
        styles,
        home / "styles",
        audio_folders(settings),
        worker,
        explain_why_not_deep(settings),
    )


class MachineEars:
    """The listener's ears on this machine; see `bridge.listener.Ears`.

    `styles_folder`: where the user's own styles lie, for the worker. `allowed`: the folders that files may lie in, None
    for all. `worker` gives what performs the deep pass, in the event loop's thread, and is first asked when there is
    something to hear. `why_not_deep` says why there is no deep pass, "" if there is.
    """

    def __init__(
        self,
        cache_folder: Path,
        styles: Mapping[str, Style],
        styles_folder: Path,
        allowed: Sequence[Path] | None,
        worker: Callable[[], JobBackend],
        why_not_deep: str,
    ) -> None:
        self._cache_folder = cache_folder
        self._styles = styles
        self.styles_folder = styles_folder
        self._allowed = allowed
        self._worker = worker
        self._why_not_deep = why_not_deep
        self._is_expecting = False
        # Reading a long file takes a moment, and the fast pass must not wait behind it.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._second = ThreadPoolExecutor(1, thread_name_prefix="second ear")

    @property
    def why_not_deep(self) -> str:
        """Empty where there is a deep pass, else one sentence why there is none."""
        return self._why_not_deep

    def hear(self, passage: Passage) -> Analysis:
        """The best that is kept of a passage's content, or else what the fast pass finds now."""
        from engines.brainaroo.hearing.fast import hear

        content = self._hash(passage)
        depths: tuple[Depth, ...] = ("fast",) if self._why_not_deep else ("deep", "fast")
        for depth in depths:
            kept = self._cache.read(_key(content, passage, depth))
            if kept is not None:
                return kept
        beside = work_in(self._second)
        analysis = hear(self._read(passage), self._learned, is_loop=passage.repeats or None, beside=beside)
        self._cache.write(_key(content, passage, "fast"), analysis)
        return analysis

    def hear_deeply(self, passage: Passage, urgent: bool, show: ShowProgress, done: Answer) -> Callable[[], None]:
        """Reads the passage and submits it to the worker; returns what cancels it."""
        if self._why_not_deep:
            done(self._why_not_deep)
            return lambda: None
        return _DeepHearing(self, self._reader, self._worker(), passage, urgent, show, done).cancel

    def expect(self) -> None:
        """Something will be heard deeply before long: the worker starts and warms up ahead of it."""
        if not self._why_not_deep and not self._is_expecting:
            self._is_expecting = True
            self._worker().warm(KIND)

    def warm(self) -> None:
        """Pays for first calls: imports, weights, filter banks."""
        from engines.brainaroo.hearing.fast import warm_up

        warm_up(self._learned)

    def close(self) -> None:
        """Ends the reading."""
        self._reader.shutdown(wait=False, cancel_futures=True)
        self._second.shutdown(wait=False, cancel_futures=True)

    def read_for_deep(self, passage: Passage) -> "tuple[str, Sound | Analysis]":
        """In the reader's thread: the content hash of a passage, and its sound, or the deep analysis kept of it."""
        content = self._hash(passage)
        kept = self._cache.read(_key(content, passage, "deep"))
        return content, kept or self._read(passage)

    def keep_deep(self, content: str, passage: Passage, analysis: Analysis) -> None:
        """Keeps what the deep pass found."""
        self._cache.write(_key(content, passage, "deep"), analysis)

    @cached_property
    def _learned(self) -> "Learned":
        from engines.models.learned import read_learned

        return read_learned(self._styles)

    @cached_property
    def _cache(self) -> AnalysisCache:
        return AnalysisCache(self._cache_folder, self._learned.version)

    def _hash(self, passage: Passage) -> str:
        return hash_audio(passage.path, self._allowed)

    def _read(self, passage: Passage) -> "Sound":
        return read_audio(passage.path, passage.start, passage.end, self._allowed)


class _DeepHearing:
    """One passage on its way through the reader and the worker. All but reading happens in the event loop's thread."""

    def __init__(
        self,
        ears: MachineEars,
        reader: ThreadPoolExecutor,
        backend: JobBackend,
        passage: Passage,
        urgent: bool,
        show: ShowProgress,
        done: Answer,
    ) -> None:
        self._ears = ears
        self._backend = backend
        self._passage = passage
        self._priority = Priority.ASKED if urgent else Priority.BACKGROUND
        self._show = show
        self._done = done
        self._handle: JobHandle | None = None
        self._cancelled = False
        self._content = ""
        loop = asyncio.get_running_loop()
        self._reading = asyncio.ensure_future(loop.run_in_executor(reader, ears.read_for_deep, passage))
        self._reading.add_done_callback(self._was_read)

    def cancel(self) -> None:
        """Ends it soon; `done` is told."""
        self._cancelled = True
        if self._handle:
            self._handle.cancel()

    def _was_read(self, reading: "asyncio.Future[tuple[str, Sound | Analysis]]") -> None:
        if self._cancelled or reading.cancelled():
            self._done(CANCELLED)
            return
        try:
            self._content, found = reading.result()
        except (AudioFileError, EngineError, ParamError) as error:
            self._done(str(error))
            return
        except Exception:
            LOG.exception("Reading failed by a fault of ours: %s", self._passage)
            self._done(f"{self._passage.path} cannot be read by a fault of ours: the log says where.")
            return
        if isinstance(found, Analysis):
            self._done(found)
            return
        params, arrays = describe_job(found, self._passage.repeats or None, self._ears.styles_folder)
        try:
            self._handle = self._backend.submit(
                Job(KIND, params, arrays, self._priority), self._has_moved, self._has_ended
            )
        except JobError as error:
            self._done(str(error))

    def _has_moved(self, handle: JobHandle) -> None:
        self._show(handle.progress.fraction, handle.progress.text)

    def _has_ended(self, handle: JobHandle) -> None:
        if handle.error is not None:
            self._done(CANCELLED if handle.error.fault is Fault.CANCELLED else str(handle.error))
        elif handle.result is not None:
            analysis = load_analysis(handle.result.data["analysis"])
            self._ears.keep_deep(self._content, self._passage, analysis)
            self._done(analysis)


def _key(content: str, passage: Passage, depth: Depth) -> AnalysisKey:
    return AnalysisKey(content, passage.start_ms, passage.end_ms, passage.repeats, depth)
