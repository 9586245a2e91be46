"""What other processes use, as /proc tells."""

import os
import subprocess
import sys

import pytest

from musearoo.tools.bench.processes import read_usage, working_children

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="needs Linux's /proc")


def test_cpu_and_memory_of_a_process_grow_with_its_work() -> None:
    work = "data = b'x' * 40_000_000; print(1, flush=True); input(); print(sum(range(5_000_000)), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", work], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        before = read_usage(child.pid)
        child.stdin.write("\n")
        child.stdout.readline()
        after = read_usage(child.pid)
        child.stdin.write("\n")
    assert before is not None
    assert after is not None
    assert 40.0 < before.pss_mb <= before.rss_mb < 100.0
    assert before.cpu_seconds + 0.03 < after.cpu_seconds < before.cpu_seconds + 5.0
    assert read_usage(child.pid) is None


def test_a_process_without_workers_has_none() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid not in working_children(os.getpid())
        assert working_children(child.pid) == ()
        child.kill()
