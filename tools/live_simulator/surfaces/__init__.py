"""Our own versions of the Python frameworks that Live ships for Remote Scripts, as far as scripts need them."""
