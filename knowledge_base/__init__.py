"""What editors write: the entry model, the formats it is kept in, and their checks."""
