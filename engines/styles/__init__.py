"""Styles as data: the schema of a preset, one module per section, and its parser."""
