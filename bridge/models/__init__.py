"""The models on this machine: fetch, check and remove them."""
