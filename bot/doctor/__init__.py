"""Looks whether an installation is well; every finding says what to do."""
