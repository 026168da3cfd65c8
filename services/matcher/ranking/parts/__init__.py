"""The parts of the score, one file per family. Each is pure: (Pair) -> Judgement, monotone in what speaks for the pair."""
