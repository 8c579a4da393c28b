"""The reviewers' desk: the web pages on which people screen, read, link, extract, check and sign.

The desk never starts a computation: each use case is one transaction of the store, which also writes the
outbox row that others act upon.
"""

__all__: list[str] = []
