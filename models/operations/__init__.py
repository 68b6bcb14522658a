"""The verbs of the domain. Each checks the actor, loads, lets the noun change itself, notes it, asks for jobs.

None of them commits: the door that called (a page, a job, a command) owns the transaction.
"""
