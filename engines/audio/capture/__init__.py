"""Cut the last bars out of the device's ring buffer, with sample-exact beats."""
