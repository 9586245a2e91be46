"""The Python frameworks that Live ships for Remote Scripts, as far as scripts need them; own code."""
