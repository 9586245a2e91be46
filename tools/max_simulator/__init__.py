"""A simulated Max: loads a built Max for Live device and runs its objects, script and sockets as Max would."""
