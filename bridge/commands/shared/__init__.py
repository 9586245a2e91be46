"""What several commands share: arguments, output, errors."""
