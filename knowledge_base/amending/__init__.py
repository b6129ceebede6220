"""Adding drafts to content files, in whatever format they are, without touching anything else."""
