"""Long-running jobs: the contract of a job backend, and the worker process, which is the default one."""
