"""Searching by staff: what was typed is understood (understanding.py), compiled to the index's fixed queries, and answered."""
