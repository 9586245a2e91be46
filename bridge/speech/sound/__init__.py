"""Sound for the recognisers: microphones, resampling, noise reduction, where speech starts and ends."""
