"""The rules of the lint: a module for each part of a device that they are about."""
