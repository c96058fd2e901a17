"""Nouns and rules. Nothing in here does input or output, or reads a clock."""
