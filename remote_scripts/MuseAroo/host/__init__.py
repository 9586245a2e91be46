"""What the script needs of the machine and of Live: folders, the log, timers, Live's own modules, listeners."""
