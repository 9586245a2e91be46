"""The job `imagine` as the worker of a test performs it: by a model that can be held up in the middle of its work."""

import time
from pathlib import Path
from unittest.mock import patch

from musearoo.bridge.imagining.backends import GENERATOR_KINDS, GeneratorKind
from musearoo.bridge.imagining.job import KIND, ImagineJob
from musearoo.bridge.imagining.model_takes import ModelTakeMaker
from musearoo.bridge.imagining.takes import run as imagine
from musearoo.bridge.jobs.contract import Arrays, Params, Report
from musearoo.bridge.jobs.kinds import JOB_KINDS, JobKind
from tests.bridge.imagining.some_imaginers import DrumModel

KINDS = {**JOB_KINDS, KIND: JobKind(f"{__name__}:run")}

AT_THE_GATE = "at the gate"


def gate_of(folder: Path) -> Path:
    """The file that holds up what is imagined for a folder, after its first block, for as long as it is there."""
    return folder.with_suffix(".gate")


def run(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    gate = gate_of(Path(ImagineJob.read_params(params).request.folder))

    def wait(number: int) -> None:
        while number and gate.exists():
            report(0.5, AT_THE_GATE)
            time.sleep(0.005)

    kind = GeneratorKind(
        lambda job, _report: ModelTakeMaker(job.request, DrumModel(on_block=wait), "", ""), lambda _job: 0, lambda: None
    )
    with patch.dict(GENERATOR_KINDS, {"musicgen": kind}):
        return imagine(params, arrays, report)
