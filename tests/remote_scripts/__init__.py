"""The Remote Script, against the daemon's own codec and in the simulated Live."""
