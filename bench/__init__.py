"""Measurements: the product beside its peers, and what it costs to be started."""
