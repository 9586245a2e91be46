"""Neural models. Only the worker process imports the heavy ones."""
