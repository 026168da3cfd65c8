"""Showing identifiers in clear, once, to whom the law allows it, for a purpose that is named; every time audited."""
