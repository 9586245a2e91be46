"""`musearoo repo`: the versions of your sets."""
