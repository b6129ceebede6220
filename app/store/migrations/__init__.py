"""How the tables came to be: one numbered module per change, run by alembic."""
