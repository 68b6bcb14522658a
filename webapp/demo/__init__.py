"""The demonstration company: invented suppliers, their documents with known findings, and log-ins to look around."""
