"""The tasks of a task runner: split, imagine, analyse deeply, render, listen. They run in the task runner's process.

Each takes plain data and its line to the server, and returns plain data: packed edits to write, what was found, and
the files that it made in the job's own folder.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from musearoo import __version__
from musearoo.bridge.api.composers.messages import Refused, Returned
from musearoo.bridge.api.composers.recall import Recall, audio_settings
from musearoo.bridge.api.jobs.line import Line, RefusedByServerError
from musearoo.bridge.api.jobs.messages import DiskFull, Stopped, Task
from musearoo.bridge.api.problems.hiding import without_folders
from musearoo.bridge.api.sets.arranging import arrange
from musearoo.bridge.api.sets.messages import message_of
from musearoo.bridge.api.sets.packets import pack
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.bridge.audio.drafts import explain_disk
from musearoo.bridge.audio.files import AudioFileError, find_file
from musearoo.bridge.audio.folders import LOOPS, STEMS, clean_title
from musearoo.bridge.imagining.generator import generate_audio
from musearoo.bridge.jobs.contract import Fault, Job, JobCancelled, JobError
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.models.store import FOLDER, ModelStore
from musearoo.bridge.protocol import LONGEST_NAME, Analyze, Imagine, Refusal, Split
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.renders.midi import encode_parts
from musearoo.bridge.requests.findings import describe_findings, read_question, write_findings
from musearoo.bridge.requests.imagine import read_imagine, write_imagined
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.requests.split import read_split, stem_files, write_split
from musearoo.bridge.services.imagine import list_take_files, make_imagine_request
from musearoo.bridge.services.speech import speech_options
from musearoo.bridge.services.split import make_split_request
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.home_files import make_private_folder, write_whole
from musearoo.bridge.settings.logs import print_fault
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.stems.splitter import split_now
from musearoo.bridge.text.bounded import cut_text
from musearoo.engines.errors import EngineError, ParamError, UserFacingError
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.analysis_json import encode_analysis, load_analysis
from musearoo.engines.music.knowledge.context import ROLES
from musearoo.engines.styles.reading import find_style

if TYPE_CHECKING:
    from musearoo.bridge.analysis.analyzer import AudioAnalyzer
    from musearoo.bridge.speech.recognition.recogniser import Recogniser

SAMPLE_RATE: Final = 48_000
"""Hz of imagined loops."""
WRITTEN_WITHIN: Final = 60.0
"""Seconds: the deadline of a transaction, which sets without Live do not look at."""
SURE: Final = 0.25
"""Least confidence of a transcript: below it, nothing was understood."""

_REQUESTS: Final = msgspec.msgpack.Decoder(AnyRequest)


class FullDiskError(Exception):
    """The disk is full."""


class TaskDesk:
    """Performs tasks, and keeps what they load."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = ModelStore(home / FOLDER)
        self.styles = read_styles(home / "styles")
        self.engines = read_engines()
        self.recall = Recall(home, self.styles)
        self.allowed = [Path(folder) for folder in audio_settings(home).audio_folders]
        self._recogniser: Recogniser | None = None

    def perform(self, task: Task, line: Line) -> Returned | Refused | Stopped | DiskFull:
        """Return what a task comes to; every error becomes a refusal. The task runner's outermost handler."""
        folder = task.arguments.get("folder", "")

        def refuse(code: Refusal, sentence: str, field: str = "") -> Refused:
            # The folder of a job has an id for a name, which tells nobody where to free some space.
            sentence = sentence.replace(f"disk of {folder}:", "server's disk:")
            return Refused(task.number, int(code), without_folders(sentence, str(self.home)), field)

        try:
            with _full_disks(folder):
                return Returned(task.number, TASKS[task.name](self, line, **task.arguments))
        except FullDiskError:
            return DiskFull(task.number)
        except JobCancelled:
            return Stopped(task.number)
        except RefusedByServerError as error:
            refused: Refused = error.refusal
            return refused
        except RequestError as error:
            return refuse(error.code, error.sentence)
        except ParamError as error:
            return refuse(Refusal.BAD_PARAMETER, f"{error}.", error.field)
        except JobError as error:
            if error.fault is Fault.CANCELLED:
                return Stopped(task.number)
            return refuse(Refusal.BAD_PARAMETER if error.fault is Fault.USER else Refusal.ENGINE_FAILED, str(error))
        except AudioFileError as error:
            return refuse(Refusal.BAD_PARAMETER, str(error))
        except UserFacingError as error:
            return refuse(Refusal.ENGINE_FAILED, _sentence(str(error)))
        except Exception as error:
            # A fault of ours: the traceback goes to the task runner's log, and the task runner lives on.
            print_fault(error)
            return refuse(Refusal.ENGINE_FAILED, "That failed by a fault of ours: tasks.log says where.")

    @cached_property
    def settings(self) -> Any:
        """The user's settings."""
        return ConfigFolder(self.home).peek_settings()

    @cached_property
    def deep_analyzer(self) -> AudioAnalyzer:
        """The analyzer, with the deep pass where its packages are installed."""
        from musearoo.bridge.analysis.analyzer import make_analyzer

        settings = audio_settings(self.home, deep_networks=self.settings.deep_networks)
        return make_analyzer(settings, self.styles, self.home, _no_worker)

    def open_recogniser(self) -> Recogniser:
        """Return the recogniser of speech, loaded once. Raises RecogniserError."""
        if self._recogniser is None:
            from musearoo.bridge.speech.recogniser_process import opener_of

            self._recogniser = opener_of(speech_options(self.settings, self.home).recogniser, self.home)()
        return self._recogniser

    def forget_recogniser(self) -> None:
        """Close the recogniser, which may be broken."""
        recogniser, self._recogniser = self._recogniser, None
        if recogniser is not None:
            recogniser.close()


def split(desk: TaskDesk, line: Line, request: bytes, request_id: str, folder: str) -> dict[str, Any]:
    """Separate a clip of the set, and return the edits that add its stems."""
    asked, mirror = _message(request, Split), line.fetch_set()
    reading = read_split(mirror, asked)
    find_file(reading.path, desk.allowed)
    wanted, _ = make_split_request(mirror, reading, desk.settings, desk.home, "")
    line.enter("working")
    made = split_now(replace(wanted, folder=Path(folder)), desk.store, desk.home, line.report)
    files = [_file(path, "stem") for path in made.files.values()]
    takes = [_known(part=name if name in ROLES else "unknown", made=made) for name in made.files]
    line.enter("writing")
    stems, ending = stem_files(made.files), time.time() + WRITTEN_WITHIN
    with _without_places():
        written = write_split(line.fetch_set(), reading, stems, made.label, request_id, ending)
    facts = {"backend": made.backend, "model": made.model, "licence": made.licence, "sample_rate": made.rate}
    notices = (*made.notes, *written.notices)
    return {"files": files, **_edits(written.messages, written.name, notices), "facts": facts, "takes": takes}


def imagine(desk: TaskDesk, line: Line, request: bytes, request_id: str, folder: str) -> dict[str, Any]:
    """Generate the loops of a prompt, and return the edits that add them."""
    asked, mirror = _message(request, Imagine), line.fetch_set()
    reading = read_imagine(mirror, asked, request_id, desk.recall)
    made_of, _ = make_imagine_request(reading, desk.styles, desk.settings, desk.home, "", SAMPLE_RATE)
    line.enter("working")
    wanted = msgspec.structs.replace(made_of, folder=folder)
    made = generate_audio(wanted, desk.store, desk.home, line.report)
    files = [_file(Path(path), "loop") for path in made.files]
    line.enter("writing")
    title = cut_text(wanted.title, LONGEST_NAME, f" ({made.label})" if made.label else "")
    written = write_imagined(
        line.fetch_set(),
        reading,
        list_take_files(made, reading),
        title=title,
        request_id=request_id,
        deadline=time.time() + WRITTEN_WITHIN,
    )
    of_takes = dict.fromkeys(sentence for take in made.takes for sentence in take.notices)
    facts = {
        "backend": made.backend,
        "model": made.model,
        "licence": made.licence,
        "prompt": made.prompt,
        "takes": [
            {"seed": each.seed, "bpm": each.bpm, "bars": each.bars, "seconds": each.seconds} for each in made.takes
        ],
    }
    notices = (*made.notices, *of_takes, *written.notices)
    asked_for = msgspec.msgpack.encode(msgspec.structs.replace(wanted, folder="", names=()))
    context_hash = hashlib.blake2b(asked_for, digest_size=16).hexdigest()
    takes = [
        _known(part="unknown", made=made, seed=each.seed, context_hash=context_hash, milliseconds=round(each.ms, 3))
        for each in made.takes
    ]
    return {"files": files, **_edits(written.messages, written.name, notices), "facts": facts, "takes": takes}


def analyze(
    desk: TaskDesk, line: Line, request: bytes = b"", request_id: str = "", path: str = "", name: str = ""
) -> dict[str, Any]:
    """Return the deep analysis of a file, or of a clip of the set with the edits that apply it."""
    if path:
        analysis = _analyze_deeply(desk, line, Passage(path))
        return {"analysis": encode_analysis(analysis), "sentence": describe_findings(name, analysis), "edits": b""}
    asked = _message(request, Analyze)
    question = read_question(line.fetch_set(), asked)
    if question.passage is None:
        raise ParamError("deep", "false for a MIDI clip, whose notes need no networks", True)
    analysis = _analyze_deeply(desk, line, question.passage)
    line.enter("writing")
    question = read_question(line.fetch_set(), asked)
    found, messages = write_findings(question, asked, analysis, request_id, time.time() + WRITTEN_WITHIN)
    return {"analysis": encode_analysis(analysis), **_edits(messages, found.sentence, ())}


def _analyze_deeply(desk: TaskDesk, line: Line, passage: Passage) -> Analysis:
    from musearoo.bridge.analysis.deep_job import KIND, describe_job
    from musearoo.bridge.jobs.local import perform_here

    analyzer = desk.deep_analyzer
    if analyzer.why_not_deep:
        raise EngineError(analyzer.why_not_deep)
    line.enter("working")
    content, found = analyzer.read_for_deep(passage)
    if isinstance(found, Analysis):
        return found
    params, arrays = describe_job(found, passage.repeats or None, analyzer.styles_folder)
    result = perform_here(Job(KIND, params, arrays), line.report)
    return analyzer.keep_deep(content, passage, load_analysis(result.data["analysis"]))


def render(
    desk: TaskDesk, line: Line, folder: str, style: str, format: Any, ending: Any, midi: bool = False
) -> dict[str, Any]:
    """Render the whole set into a file, and with `midi` write a MIDI file, too."""
    from musearoo.bridge.renders.audio import PLAIN_MIX, AudioRequest, open_renders, render_take

    mirror = line.fetch_set()
    found = find_style(style, desk.styles) if style else None
    piece = arrange(mirror, desk.engines, found)
    line.enter("working")
    wanted = AudioRequest(piece.parts, piece.bpm, format, found.mix if found else PLAIN_MIX, ending)
    made = render_take(wanted, open_renders(desk.home), line.report)
    line.enter("writing")
    place = Path(folder)
    make_private_folder(place)
    title = clean_title(piece.name, place)
    sound = place / f"{title}.{format}"
    _link_or_copy(made.path, sound)
    files = [_file(sound, "render")]
    if midi:
        notes = place / f"{title}.mid"
        write_whole(notes, encode_parts(piece.parts, piece.bpm, piece.key, piece.name))
        files.append(_file(notes, "midi"))
    facts = {
        "seconds": made.seconds,
        "music_seconds": made.music_frames / made.rate,
        "sample_rate": made.rate,
        "bpm": piece.bpm,
        "key": str(piece.key) if piece.key else "",
        "media_type": made.media_type,
    }
    left_out = sum(clip.is_audio for clip in mirror.clips.values())
    sentence = "Audio clips are not in it: only what is played by notes is rendered."
    return {"files": files, "facts": facts, "notices": [sentence] if left_out else []}


def listen(desk: TaskDesk, _line: Line, path: str) -> dict[str, Any]:
    """Return what is said in a file, and how surely. Raises EngineError with one sentence where nothing is."""
    from musearoo.bridge.speech.recognition.recogniser import RecogniserError
    from musearoo.bridge.speech.sound.microphones import MicrophoneError
    from musearoo.bridge.speech.spoken_file import feed_whole, read_spoken

    try:
        spoken = read_spoken(Path(path))
        if not spoken.has_voice:
            raise RequestError(Refusal.NOT_HEARD, "Nobody speaks there: send a recording of one sentence.")
        recogniser = desk.open_recogniser()
        # Fed twice: the first pass adapts the decoder, as earlier sentences do at a microphone.
        for _ in range(2):
            feed_whole(recogniser, spoken.sound)
            heard = recogniser.end()
    except (RecogniserError, MicrophoneError) as error:
        desk.forget_recogniser()
        raise RequestError(Refusal.UNSUPPORTED, str(error)) from error
    if not heard.text or heard.confidence < SURE:
        nearest = f" Nearest to it is “{heard.text}”." if heard.text else ""
        raise RequestError(Refusal.NOT_HEARD, f"What is said there is not understood.{nearest} Say it again.")
    return {"text": heard.text, "confidence": heard.confidence}


TASKS: Final[Mapping[str, Callable[..., dict[str, Any]]]] = {
    "split": split,
    "imagine": imagine,
    "analyze": analyze,
    "render": render,
    "listen": listen,
}
"""The tasks by their names."""


def _message(request: bytes, kind: type[Any]) -> Any:
    """Return a client's request as the device's message."""
    message = message_of(_REQUESTS.decode(request), session=1, press=1)
    if not isinstance(message, kind):
        raise ValueError(f"{type(message).__name__} is no {kind.__name__}")
    return message


def _known(*, part: str, made: Any, seed: int = 0, context_hash: str = "", milliseconds: float = 0.0) -> dict[str, Any]:
    """Return the fields of a sound's take that its job alone knows."""
    version = " ".join(filter(None, (__version__, made.backend, made.model)))
    return {
        "part": part,
        "seed": seed,
        "engine_version": version,
        "context_hash": context_hash,
        "milliseconds": milliseconds,
    }


def _edits(messages: tuple[Message, ...], sentence: str, notices: tuple[str, ...]) -> dict[str, Any]:
    """Return a transaction without its head, to be written by the server."""
    return {"edits": pack(messages[1:]) if messages else b"", "sentence": sentence, "notices": [*filter(None, notices)]}


def _file(path: Path, kind: str) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": str(path), "name": path.name, "kind": kind, "bytes": path.stat().st_size, "sha256": digest}


def _link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name, which stays when the cache lets go of the first."""
    with suppress(OSError):
        target.hardlink_to(source)
        return
    shutil.copyfile(source, target)


@contextmanager
def _without_places() -> Iterator[None]:
    """Leave out of a refusal where files lie: a job that fails leaves none."""
    try:
        yield
    except RequestError as error:
        what, semicolon, _ = error.sentence.partition(";")
        raise RequestError(error.code, f"{what}: nothing was written." if semicolon else what) from error


@contextmanager
def _full_disks(folder: str) -> Iterator[None]:
    """Raise FullDiskError for every error that comes of a full disk. `folder`: where the task's files go."""
    try:
        yield
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, OSError):
            cause = cause.__cause__
        is_full = cause is not None and cause.errno in (errno.ENOSPC, errno.EDQUOT)
        if isinstance(error, JobError):
            # It has no cause, only its sentence.
            full = OSError(errno.ENOSPC, "")
            is_full = str(error) in [str(explain_disk(full, Path(folder), kind)) for kind in (STEMS, LOOPS)]
        if is_full:
            raise FullDiskError from error
        raise


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _no_worker() -> Any:
    raise RuntimeError("a task runner performs its jobs itself")
