"""The script's environment: folders, the log, timers, Live's own modules, listeners."""
