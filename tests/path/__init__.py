"""Tests of the whole path: simulated Live, Remote Script, daemon, stand-in for the device, in processes of their own."""
