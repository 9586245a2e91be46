"""Styles as data: the schema of a preset, a module a section, and the reading of one."""
