"""Neural models and heavy libraries behind the engines: what is heavy among them is imported by the worker alone."""
