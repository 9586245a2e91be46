"""The Max objects that are simulated: only those that the device uses."""
