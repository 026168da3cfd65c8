"""Job intentions: what was stated when, by whom it was asked, and how fresh it is."""
