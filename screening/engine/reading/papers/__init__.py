"""Readers of everything that is no PDF: Office files, spreadsheets, text, mail and archives. Only ever in a child."""
