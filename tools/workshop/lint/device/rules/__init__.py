"""The linter's rules: one module per aspect of a device."""
