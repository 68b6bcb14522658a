"""Teaches the upper layers of the slow encoder what passages assert: `python -m screening.training.tuning`."""
