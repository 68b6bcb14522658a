"""Questionnaires in the browser: answered by suppliers, read by reviewers, issued by those who lead."""
