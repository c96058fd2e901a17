"""Bodies and requests that nobody should send, and judges of what comes of them.

One seed names every request: what went wrong once goes wrong again, alone.
"""
