"""The job `split` as the worker of a test performs it: by a separator that can be held up in the middle of its work."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from musearoo.bridge.jobs.contract import Arrays, Params, Report
from musearoo.bridge.jobs.kinds import JOB_KINDS, JobKind
from musearoo.bridge.stems.job import KIND
from musearoo.bridge.stems.separation import run as split
from musearoo.bridge.stems.separators import SEPARATORS, SeparatorKind
from musearoo.engines.audio.separation.contract import Block, Source
from tests.bridge.stems.some_separators import ShareSeparator

KINDS = {**JOB_KINDS, KIND: JobKind(f"{__name__}:run")}

AT_THE_GATE = "at the gate"


def gate_of(source: Path) -> Path:
    """The file that holds up the split of a source, after its first block, for as long as it is there."""
    return source.with_suffix(".gate")


def flood_of(source: Path) -> Path:
    """The file that has the disk be full for the stems of a source, once they have passed the gate."""
    return source.with_suffix(".flood")


class GatedSeparator(ShareSeparator):
    """Gives each stem its share of the mix."""

    def __init__(self, source: Path, drafts: Path) -> None:
        super().__init__()
        self._source = source
        self._drafts = drafts

    def separate(self, source: Source, report: Report) -> Iterator[Block]:
        for block in super().separate(source, report):
            yield block
            while gate_of(self._source).exists():
                report(0.5, AT_THE_GATE)
                time.sleep(0.005)
            if flood_of(self._source).exists():
                _fill_disk(self._drafts)


def run(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:
    separator = GatedSeparator(Path(params["path"]), Path(params["folder"]))
    kind = SeparatorKind(lambda _job: separator, lambda _job: 0, lambda: None)
    with patch.dict(SEPARATORS, {"dsp": kind}):
        return split(params, arrays, report)


def _fill_disk(folder: Path) -> None:
    """Has what is written to the open files of a folder go to a device that is always full (Linux has one)."""
    full = os.open("/dev/full", os.O_WRONLY)
    for each in Path("/proc/self/fd").iterdir():
        if each.is_symlink() and each.readlink().is_relative_to(folder) and each.readlink().suffix == ".wav":
            os.dup2(full, int(each.name))
    os.close(full)
