"""Tests of capturing bars from a ring buffer."""
