"""The copilot: sentences understood in the set they were said to, and what it has learnt of its user."""
