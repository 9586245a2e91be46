"""Running patches: the host with its threads, devices, stored parameters, clicks."""
