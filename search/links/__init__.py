"""What makes two citations alike."""

__all__: list[str] = []
