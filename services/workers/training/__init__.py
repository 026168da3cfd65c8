"""Training: courses with their seats, who takes part, how it ended, and what that adds to a profile."""
