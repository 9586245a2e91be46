"""What is said of a job by its state, and what jobs may be given."""

import pickle

import pytest

from musearoo.bridge.jobs.contract import Fault, JobError, JobState, call_here, require_plain


def test_a_job_that_waits_or_runs_is_not_over() -> None:
    assert [state for state in JobState if not state.is_end] == [JobState.WAITING, JobState.RUNNING]


def test_a_callback_is_called_at_once_where_nobody_else_is_to() -> None:
    called = list[int]()
    call_here(lambda: called.append(1))
    assert called == [1]


def test_plain_data_is_taken_and_anything_else_is_named_by_its_place() -> None:
    require_plain({"a": [1, 2.0, "x", b"y", None, True, {"b": (3,)}]}, "params")
    for value, place in (({"a": [1, object()]}, r"params\.a\[1\]"), ({"a": {1: 2}}, "keys"), ({1, 2}, "params must")):
        with pytest.raises(TypeError, match=place):
            require_plain(value, "params")


def test_an_error_of_a_job_keeps_its_fault_on_its_way_from_another_process() -> None:
    error = pickle.loads(pickle.dumps(JobError("No room.", Fault.MACHINE)))
    assert (str(error), error.fault) == ("No room.", Fault.MACHINE)
