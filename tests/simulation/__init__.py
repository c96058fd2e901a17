"""The real services against simulated time, providers, people and crashes.

One thread, one queue of events, one seed: what went wrong once goes wrong again.
"""
