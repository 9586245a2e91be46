"""Devices, racks, and the parameters of both."""
