"""The language model of MusicGen and its fast decode loop: conditions in, frames of codes out as they are finished."""
