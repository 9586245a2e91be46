"""A simulated Max: loads a built Max for Live device and runs its objects, its script and its sockets as Max would."""
