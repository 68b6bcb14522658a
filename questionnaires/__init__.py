"""Asking suppliers: questionnaires as data, their rules and their answers."""
