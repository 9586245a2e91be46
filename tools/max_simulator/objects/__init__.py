"""The objects that the simulated Max knows: those that the device uses, and no others."""
