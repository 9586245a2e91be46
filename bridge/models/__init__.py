"""The models on this machine: fetched, checked and removed."""
