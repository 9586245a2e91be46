"""What is said of a job by its state."""

from bridge.jobs.contract import JobState


def test_a_job_that_waits_or_runs_is_not_over() -> None:
    assert [state for state in JobState if not state.is_end] == [JobState.WAITING, JobState.RUNNING]
