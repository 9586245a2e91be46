"""Neural models. What is heavy among them is imported by the worker alone."""
