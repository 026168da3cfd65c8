"""Likely duplicates: two records that may be one person's, merged by whoever looked, and parted again within thirty days."""
