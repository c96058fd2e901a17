"""What happens inside transactions: one verb per function."""
