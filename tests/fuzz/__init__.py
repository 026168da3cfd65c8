"""Schemathesis against a running application: whatever is sent, never a 5xx, and only what the document promises."""
