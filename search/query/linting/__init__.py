"""What a person should look at: in the text as typed, in single terms, and in how they are joined."""

__all__: list[str] = []
