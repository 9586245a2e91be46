"""Lints of our own: of the Max for Live devices, and of the documents."""
