"""What is likely to be asked next: moves of a producer, habits of a user, and takes that are composed ahead."""
