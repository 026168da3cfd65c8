"""What one service may know of another: events, topics, permissions, vocabularies. Standard library and pydantic only."""
