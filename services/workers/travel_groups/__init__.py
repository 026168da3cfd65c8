"""People who want to go to work together: couples, kin, villagers."""
