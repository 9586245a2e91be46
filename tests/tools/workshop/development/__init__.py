"""Environments, locks and checks, tried without a network and without installing anything."""
