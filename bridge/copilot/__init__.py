"""The copilot: interpret sentences about the open set, and learn the user's preferences."""
