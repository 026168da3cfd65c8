"""Why somebody stands where they stand, or stands in no list; and how a person's words were understood."""
