"""Tests of taking bars out of a ring."""
