"""The versions of a record: who changed what, when, and how it stood then."""
