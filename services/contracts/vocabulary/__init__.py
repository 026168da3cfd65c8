"""Codes and names that services agree on: divisions, occupations, certificates, and the short lists of the register.

The tables are CSV files beside this module, copied from the sources that each row names; `unverified` rows are never law.
"""
