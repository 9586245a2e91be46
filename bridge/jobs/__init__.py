"""Long work, done elsewhere: jobs, the contract of what performs them, and the worker process that does by default."""
