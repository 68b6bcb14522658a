"""A team's own classifier: learned from its own labelled texts, measured, and put in place by a person."""
