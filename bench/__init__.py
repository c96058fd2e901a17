"""Measurements: speed beside peers, what a start costs, and what kills break."""
