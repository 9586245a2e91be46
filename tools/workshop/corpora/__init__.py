"""Development sets for hearing: sound with its truth, rendered from corpora of notes. No part of what users run."""
