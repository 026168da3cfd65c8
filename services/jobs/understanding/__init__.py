"""What a posting says, before it is one: a pasted message, a sheet's row or an opening, read as facts with their words."""
