"""Benchmarks of stem separation."""
