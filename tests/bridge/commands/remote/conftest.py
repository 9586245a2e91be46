"""The real server of the tests of REST, for the command line."""

from tests.bridge.api.conftest import running

__all__ = ["running"]
