"""Households: who lives together, on which register and since when, and whether anybody is in work."""
