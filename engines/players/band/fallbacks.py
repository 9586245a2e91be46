"""Fallbacks for an engine that fails or is late: a simpler take, then a pattern from the library, then silence.

Nothing here reads a clock: a shell with one runs the tasks itself (`Runner`) and returns a TimeoutError for late ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from musearoo.engines.errors import EngineError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.schema import Style

Outcome = Clip | Exception


@dataclass(frozen=True, slots=True)
class PartTask:
    """One engine's task: generate one take."""

    engine: EngineRecord
    params: EngineParams
    context: MusicalContext
    seed: int

    @property
    def length(self) -> float:
        """The required length of the take in beats."""
        return self.params.bars * self.context.meter.value.bar_beats

    def play(self) -> Clip:
        """Return the take; raises the engine's errors, and EngineError for a clip of the wrong length."""
        clip = self.engine.generate(self.params, self.context, self.seed)
        if abs(clip.length - self.length) > 1e-6:
            raise EngineError(f"{self.engine.title} played {clip.length:g} beats where {self.length:g} were asked for")
        return clip


Runner = Callable[[Sequence[PartTask]], Sequence[Outcome]]
"""Runs independent tasks; returns a clip or the raised exception for each."""
Pattern = Callable[[Role, Style, MusicalContext, int], Clip | None]
"""Returns a library pattern for a part and a number of bars, or None if there is none."""


@dataclass(frozen=True, slots=True)
class Take:
    """The take of a part: its clip, the engine that played it, and for a fallback a sentence that explains it."""

    role: Role
    engine: str
    clip: Clip
    fallback: str = ""
    error: Exception | None = None


def play_in_order(tasks: Sequence[PartTask]) -> list[Outcome]:
    """Run tasks one after the other, without a time limit."""
    outcomes: list[Outcome] = []
    for task in tasks:
        try:
            outcomes.append(task.play())
        except Exception as error:  # one failing engine must not stop the others; the shell logs it
            outcomes.append(error)
    return outcomes


def play_safely(tasks: Sequence[PartTask], run: Runner = play_in_order, pattern: Pattern | None = None) -> list[Take]:
    """Return a take for each task, never an error: the full one, else the simplest, else a library pattern, else
    silence."""
    takes: dict[int, Take] = {}
    errors: dict[int, Exception] = {}
    for index, outcome in enumerate(run(tasks)):
        if isinstance(outcome, Clip):
            takes[index] = Take(tasks[index].engine.part, tasks[index].engine.name, outcome)
        else:
            errors[index] = outcome
    again = sorted(errors)
    simpler = [_simplest(tasks[index]) for index in again]
    for index, outcome in zip(again, run(simpler) if simpler else (), strict=True):
        task, error = tasks[index], errors[index]
        if isinstance(outcome, Clip):
            clip, instead = outcome, "a simpler take plays"
        else:
            clip, instead = _from_library(task, pattern)
        sentence = f"{task.engine.title} {_complaint(error)}: {instead}."
        takes[index] = Take(task.engine.part, task.engine.name, clip, sentence, error)
    return [takes[index] for index in range(len(tasks))]


def _simplest(task: PartTask) -> PartTask:
    return replace(task, params=replace(task.params, complexity=0.0, density=min(0.5, task.params.density)))


def _from_library(task: PartTask, pattern: Pattern | None) -> tuple[Clip, str]:
    found = pattern and pattern(task.engine.part, task.params.style, task.context, task.params.bars)
    if found:
        return found.repeated(task.length), "a pattern from the library plays"
    return Clip(
        f"{task.params.style.name} {task.engine.part}", task.length, (), task.context.meter.value
    ), "it stays silent"


def _complaint(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "was late"
    return f"failed ({error})" if str(error) else f"failed ({type(error).__name__})"
