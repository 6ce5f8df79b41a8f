"""Calls for learning: replay through the same doors, and the obedient newcomer."""
