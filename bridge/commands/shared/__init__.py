"""Shared by several commands: arguments, output, errors."""
