"""What carries weights: the catalogue, installing, embedding, language identification."""
