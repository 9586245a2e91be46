"""Tests of the beat clock and what it follows."""
