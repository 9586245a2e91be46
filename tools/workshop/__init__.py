"""What builds and checks the project, for developers; no wheel has it."""
