"""What is written down and never lost: schema, append-only ledgers, read models, outbox, audit chain."""

__all__: list[str] = []
