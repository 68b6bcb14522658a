"""Questionnaires and answers in other forms: workbooks to fill in offline, XLSForm, JSON, CSV, and paper to sign."""
