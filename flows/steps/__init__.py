"""The steps of a living review as plain functions: each asks the store what is missing and does that."""

__all__: list[str] = []
