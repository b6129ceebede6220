"""The path of a question: from what a visitor typed to what the visitor is told."""
