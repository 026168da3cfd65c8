"""Statistics of the register as it stood on a day."""
