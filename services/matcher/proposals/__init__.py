"""Courses worth holding: who wants the work that is offered and lacks nothing but one paper for it."""
