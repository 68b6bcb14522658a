"""The edges: web pages, command line, workers and settings. The only place that knows Flask, RQ and the environment."""
