"""Sound for the recognisers: microphones, resampling, noise reduction, endpointing."""
