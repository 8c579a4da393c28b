"""What stands in for records whose texts may not be kept."""

__all__: list[str] = []
