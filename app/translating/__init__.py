"""Translation at editing time: drafts that keep what must be kept, or a reason for each refusal."""
