"""Tests of the whole path: simulated Live, Remote Script, daemon and a stand-in for the device, each a process."""
