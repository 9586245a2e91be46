"""Tests of the daemon's own modules, one file a module; the whole path through processes is tested in tests/path."""
