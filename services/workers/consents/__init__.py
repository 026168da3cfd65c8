"""What people agreed to, or objected to, about their record; and who may therefore see them."""
