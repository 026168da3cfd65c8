"""Yungong (云工): registered rural workers of Yunnan, matched with jobs of the partner regions."""

__version__ = "0.1.0"
