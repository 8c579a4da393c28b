"""Records written as files of citations, so that reading gives them back."""

__all__: list[str] = []
