"""Running patches: the host with its threads, devices, parameters that a set stores, clicks."""
