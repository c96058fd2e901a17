"""Buurtstem: the neighbourhood's voice and vote, in the chat it already uses."""
