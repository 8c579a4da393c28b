"""PubMed's query language: words, tree, fields, checks, and answers without PubMed."""

__all__: list[str] = []
