"""Who calls, as every service learns it from the access service: credentials exchanged for tokens, tokens verified by keys."""
