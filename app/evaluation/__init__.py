"""Measuring a published index: on golden questions, and between its languages."""
