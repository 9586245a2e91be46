"""Speech input: the process that records utterances while Talk is held, and the recognisers that transcribe them."""
