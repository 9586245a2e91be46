"""One contract for all levels of a cache, and what each has besides."""
