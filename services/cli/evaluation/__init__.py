"""Measuring the ranking on a judged collection: `yungong evaluate DIR`."""
