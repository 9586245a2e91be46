"""Trains what engines have learned: weights and tables. Needs torch and the data; nothing that runs needs either."""
