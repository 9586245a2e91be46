"""A simulated Ableton Live: the `Live` module, its main thread and its Remote Script host.

Standard library only and Python 3.7 syntax, so that scripts run under the interpreter which Live 11 embeds. README.md
lists what is simulated, the source of each behaviour, and what a passing test does not prove.
"""
