"""The daemon's audio analyzer: read, analyse and cache passages of files, and submit deep passes to the worker."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from musearoo.bridge.analysis.cache import AnalysisCache
from musearoo.bridge.analysis.deep_job import KIND, describe_job
from musearoo.bridge.analysis.queue import CANCELLED, Answer, ShowProgress
from musearoo.bridge.analysis.stems import StemAnalyzer, key_of
from musearoo.bridge.audio.files import AudioFileError, hash_audio, read_audio
from musearoo.bridge.audio.folders import LOOPS, RECORDINGS, RESTORED, STEMS
from musearoo.bridge.cache.catalogue import ANALYSES, ANALYSES_IN_MEMORY
from musearoo.bridge.cache.contract import Statistics
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.cache.memory import Levels, MemoryLevel
from musearoo.bridge.jobs.contract import Fault, Job, JobBackend, JobError, JobHandle, Priority
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.metrics.registry import Counter
from musearoo.bridge.settings.logs import LOG, without_path
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.stems.cache import StemCache
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.knowledge.analysis import Analysis, Depth, Rhythm
from musearoo.engines.music.knowledge.analysis_json import load_analysis
from musearoo.engines.neural.madmom.package import describe_madmom, find_madmom
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    # These import NumPy, without which the daemon starts.
    from musearoo.engines.analysis.fast.activation.sound import Sound
    from musearoo.engines.analysis.fast.analyzer import Learned, StartWork

Worked = TypeVar("Worked")
"""The result of work in the reader's thread."""


def audio_folders(settings: Settings, home: Path) -> tuple[Path, ...]:
    """Return the folders that audio may be read from: those in the settings, else the usual sample folders; and those
    in MuseAroo's folder `home` where its own sounds are."""
    named = tuple(Path(folder).expanduser() for folder in settings.audio_folders) or usual_folders()
    return (*named, *(home / kind.name for kind in (STEMS, LOOPS, RECORDINGS, RESTORED)))


def usual_folders() -> tuple[Path, ...]:
    """Return the folders that samples usually are in."""
    if sys.platform == "win32":
        # Samples may be on any other drive; on the first, in the user's folder and in Live's packs.
        drives = [Path(f"{letter}:/") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"]
        return (Path.home(), Path("C:/ProgramData/Ableton"), *(drive for drive in drives if drive.exists()))
    if sys.platform == "darwin":
        return Path.home(), Path("/Volumes"), Path("/Library/Application Support/Ableton"), Path("/Users/Shared")
    return Path.home(), Path("/media"), Path("/mnt"), Path("/run/media"), Path("/srv")


def explain_missing_deep_pass(settings: Settings) -> str:
    """Return one sentence why there is no deep pass, or "" if there is one."""
    if not settings.deep_networks:
        return "The deep analysis is switched off: set deep_networks to true in the settings to have it."
    return "" if find_madmom() else describe_madmom()


def work_in(pool: ThreadPoolExecutor) -> "StartWork":
    """Return a function that runs work in a pool, concurrently with its caller."""
    return lambda work: pool.submit(work).result


def make_analyzer(
    settings: Settings, styles: Mapping[str, Style], home: Path, worker: Callable[[], JobBackend]
) -> "AudioAnalyzer":
    """Return the analyzer for these settings; analyses are cached in `home`, where the stem index is too."""
    return AudioAnalyzer(
        home / ANALYSES.folder,
        styles,
        home / "styles",
        audio_folders(settings, home),
        worker,
        explain_missing_deep_pass(settings),
        StemCache.in_home(home),
    )


class AudioAnalyzer:
    """The analyzer of passages on this machine; see `bridge.analysis.queue.PassageAnalyzer`.

    `styles_folder`: the folder of the user's styles, for the worker. `allowed`: the folders that files may be in, None
    for all. `worker` returns the backend of the deep pass; it is called in the event loop's thread, first when there is
    something to analyse. `why_not_deep` says why there is no deep pass, "" if there is one. If `stems` knows the stems
    of a passage's file, they are analysed as well, which improves the result.
    """

    def __init__(
        self,
        cache_folder: Path,
        styles: Mapping[str, Style],
        styles_folder: Path,
        allowed: Sequence[Path] | None,
        worker: Callable[[], JobBackend],
        why_not_deep: str,
        stems: StemCache,
    ) -> None:
        self._disk = DiskLevel(cache_folder, ANALYSES.bounds, ANALYSES.suffix)
        self._levels = Levels(MemoryLevel(ANALYSES_IN_MEMORY), self._disk)
        self._styles = styles
        self.styles_folder = styles_folder
        self._allowed = allowed
        self._worker = worker
        self._why_not_deep = why_not_deep
        self._stems = StemAnalyzer(stems)
        self._is_expecting = False
        self.cache_hits, self.cache_misses = Counter(), Counter()
        # A thread of its own, because reading a long file must not delay the fast pass.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._concurrent = ThreadPoolExecutor(1, thread_name_prefix="concurrent")

    @property
    def why_not_deep(self) -> str:
        """One sentence why there is no deep pass, or "" if there is one."""
        return self._why_not_deep

    def analyze(self, passage: Passage) -> Analysis:
        """Return the best cached analysis of a passage's content, else run the fast pass."""
        from musearoo.engines.analysis.fast.analyzer import analyze_sound

        content = self._hash(passage)
        depths: tuple[Depth, ...] = ("fast",) if self._why_not_deep else ("deep", "fast")
        for depth in depths:
            kept = self._cache.read(key_of(content, passage, depth))
            if kept is not None:
                self.cache_hits.add()
                return self._improve(kept, content, passage, lambda: self._read(passage))
        self.cache_misses.add()
        sound = self._read(passage)
        start_work = work_in(self._concurrent)
        analysis = analyze_sound(sound, self._learned, is_loop=passage.repeats or None, start_work=start_work)
        self._cache.write(key_of(content, passage, "fast"), analysis)
        return self._improve(analysis, content, passage, lambda: sound)

    def analyze_bars(self, sound: "Sound", rhythm: Rhythm) -> Analysis:
        """Run the fast pass on a sound whose beats are known; the result is not cached."""
        from musearoo.engines.analysis.fast.analyzer import analyze_sound

        return analyze_sound(sound, self._learned, start_work=work_in(self._concurrent), rhythm=rhythm)

    def analyze_deeply(self, passage: Passage, urgent: bool, show: ShowProgress, done: Answer) -> Callable[[], None]:
        """Read the passage and submit it to the worker; returns a function that cancels the deep pass."""
        if self._why_not_deep:
            done(self._why_not_deep)
            return lambda: None
        return _DeepAnalysis(self, self._reader, self._worker(), passage, urgent, show, done).cancel

    def expect(self) -> None:
        """Prepare for deep passes: start the worker and warm it up."""
        if not self._why_not_deep and not self._is_expecting:
            self._is_expecting = True
            self._worker().warm(KIND)

    def cache_statistics(self) -> Statistics:
        """Return the statistics of the cached analyses."""
        return self._levels.statistics()

    def warm(self) -> None:
        """Warm up: imports, weights, filter banks, and what is cached."""
        from musearoo.engines.analysis.fast.analyzer import warm_up

        warm_up(self._learned)
        self._disk.sweep()

    def close(self) -> None:
        """Stop the reader's threads."""
        self._reader.shutdown(wait=False, cancel_futures=True)
        self._concurrent.shutdown(wait=False, cancel_futures=True)

    def read_for_deep(self, passage: Passage) -> "tuple[str, Sound | Analysis]":
        """Return a passage's content hash, and its sound or cached deep analysis. Runs in the reader's thread."""
        content = self._hash(passage)
        kept = self._cache.read(key_of(content, passage, "deep"))
        if kept is None:
            self.cache_misses.add()
            return content, self._read(passage)
        self.cache_hits.add()
        return content, self._improve(kept, content, passage, lambda: self._read(passage))

    def keep_deep(self, content: str, passage: Passage, analysis: Analysis) -> Analysis:
        """Cache a deep analysis, and return it improved by known stems. Runs in the reader's thread."""
        self._cache.write(key_of(content, passage, "deep"), analysis)
        return self._improve(analysis, content, passage, lambda: self._read(passage))

    def _improve(self, analysis: Analysis, content: str, passage: Passage, mix: "Callable[[], Sound]") -> Analysis:
        return self._stems.improve(analysis, content, passage, mix, self._cache, self._learned)

    @cached_property
    def _learned(self) -> "Learned":
        from musearoo.engines.neural.analysis_weights import read_learned

        return read_learned(self._styles)

    @cached_property
    def _cache(self) -> AnalysisCache:
        return AnalysisCache(self._levels, self._learned.version)

    def _hash(self, passage: Passage) -> str:
        return hash_audio(passage.path, self._allowed)

    def _read(self, passage: Passage) -> "Sound":
        return read_audio(passage.path, passage.start, passage.end, self._allowed)


class _DeepAnalysis:
    """The deep pass of one passage. Only reading happens outside the event loop's thread."""

    def __init__(
        self,
        analyzer: AudioAnalyzer,
        reader: ThreadPoolExecutor,
        backend: JobBackend,
        passage: Passage,
        urgent: bool,
        show: ShowProgress,
        done: Answer,
    ) -> None:
        self._analyzer = analyzer
        self._backend = backend
        self._passage = passage
        self._priority = Priority.ASKED if urgent else Priority.BACKGROUND
        self._show = show
        self._done = done
        self._handle: JobHandle | None = None
        self._cancelled = False
        self._content = ""
        self._reader = reader
        self._work(partial(analyzer.read_for_deep, passage), self._was_read)

    def cancel(self) -> None:
        """Cancel the deep pass; `done` is called soon."""
        self._cancelled = True
        if self._handle:
            self._handle.cancel()

    def _work(self, work: Callable[[], Worked], then: Callable[[Worked], None]) -> None:
        """Run `work` in the reader's thread, then `then` with its result; an error becomes the answer."""
        future = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(self._reader, work))
        future.add_done_callback(lambda done: self._go_on(done, then))

    def _go_on(self, done: "asyncio.Future[Worked]", then: Callable[[Worked], None]) -> None:
        if self._cancelled or done.cancelled():
            self._done(CANCELLED)
            return
        try:
            worked = done.result()
        except (AudioFileError, EngineError, ParamError) as error:
            self._done(str(error))
        except Exception:
            LOG.exception("%s cannot be read by a fault of ours", without_path(self._passage.path, self._passage.path))
            self._done(f"{self._passage.path} cannot be read by a fault of ours: the log says where.")
        else:
            then(worked)

    def _was_read(self, read: "tuple[str, Sound | Analysis]") -> None:
        self._content, found = read
        if isinstance(found, Analysis):
            self._done(found)
            return
        params, arrays = describe_job(found, self._passage.repeats or None, self._analyzer.styles_folder)
        try:
            self._handle = self._backend.submit(
                Job(KIND, params, arrays, self._priority), self._has_moved, self._has_ended
            )
        except JobError as error:
            self._done(str(error))

    def _has_moved(self, handle: JobHandle) -> None:
        self._show(handle.progress.fraction, handle.progress.text)

    def _has_ended(self, handle: JobHandle) -> None:
        if self._cancelled or (handle.error is not None and handle.error.fault is Fault.CANCELLED):
            self._done(CANCELLED)
        elif handle.error is not None:
            self._done(str(handle.error))
        elif handle.result is not None:
            analysis = load_analysis(handle.result.data["analysis"])
            self._work(partial(self._analyzer.keep_deep, self._content, self._passage, analysis), self._done)
