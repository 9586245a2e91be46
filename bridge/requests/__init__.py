"""Requests: what each reads of the set and what it composes, one module a kind. Pure."""
