"""A stand-in for PubMed's E-utilities on loopback, to rehearse and test against without the internet.

``with StandIn(records) as standin:`` from `search.standin.server`, or ``python -m search.standin CATALOGUE``.
"""

__all__: list[str] = []
