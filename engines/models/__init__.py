"""Neural models and heavy libraries behind the engines: only the worker process imports these."""
