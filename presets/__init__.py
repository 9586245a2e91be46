"""Presets as data: the YAML files in this folder, read by the daemon and passed to the engines as text."""
