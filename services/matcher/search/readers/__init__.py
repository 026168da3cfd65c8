"""One file per subject: each reader takes from a search text what it understands, as concepts."""
