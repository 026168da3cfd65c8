"""What the index holds of one person: for the person who asks, and for the proof that an erased one is gone."""
