"""The second door: the same operations as on the pages, for programs, as JSON under `/api/v1`."""
