"""Sheets in: reading them in a bounded process, healing, row outcomes, the report, progress. Services add what a row means."""
