"""What takes longer: jobs with progress and cancel, the processes that perform them, and uploaded files."""
