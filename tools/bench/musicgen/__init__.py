"""Benchmarks of MusicGen compared with other implementations."""
