"""Presets as data: the YAML files beside this module, read by the daemon and given to the engines as text."""
