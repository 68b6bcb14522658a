"""The domain: the nouns as tables, and in `operations` the verbs. Knows SQLAlchemy and the standard library only."""
