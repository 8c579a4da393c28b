"""Which path of the stand-in leads where."""

from collections.abc import Mapping
from dataclasses import dataclass

from search.standin.citmatch import ecitmatch
from search.standin.elink import LinkTable, elink
from search.standin.esearch import esearch
from search.standin.replies import efetch, einfo, epost, esummary
from search.standin.reply import Reply, error_reply
from search.standin.request import Request, Route
from search.standin.shelf import History, Shelf

__all__ = ["EUTILS", "Place", "Routes"]

EUTILS = "/entrez/eutils/"
_ROOTS = {
    "einfo": "eInfoResult",
    "esearch": "eSearchResult",
    "elink": "eLinkResult",
    "epost": "ePostResult",
    "efetch": "eFetchResult",
    "esummary": "eSummaryResult",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A route with the name by which faults and `StandIn.asked` know it, and the root of its answers."""

    name: str
    route: Route
    root: str = "Result"


class Routes:
    """The E-utilities, and whatever is mounted beside them.

    Parameters
    ----------
    mounted
        Routes by absolute path. A path that ends in a slash stands for everything below it; the longest
        that fits is taken. The path is also the name of the route.
    links
        What ELink knows.
    """

    def __init__(self, shelf: Shelf, mounted: Mapping[str, Route], links: LinkTable) -> None:
        history = History()
        eutils: dict[str, Route] = {
            "einfo": lambda asked: einfo(asked.form, shelf),
            "esearch": lambda asked: esearch(asked.form, shelf, history),
            "elink": lambda asked: elink(asked, links),
            "epost": lambda asked: epost(asked.form, history),
            "efetch": lambda asked: efetch(asked.form, shelf, history),
            "esummary": lambda asked: esummary(asked.form, shelf, history),
        }
        self._places = {
            f"{EUTILS}{name}.fcgi": Place(name, _of_pubmed(name, route), _ROOTS[name])
            for name, route in eutils.items()
        } | {path: Place(path, route) for path, route in mounted.items()}
        self._places[f"{EUTILS}ecitmatch.cgi"] = Place(
            "ecitmatch", lambda asked: ecitmatch(asked.form, shelf)
        )

    def find(self, path: str) -> Place | None:
        """Give the place a path leads to, or None."""
        if path in self._places:
            return self._places[path]
        above = [known for known in self._places if known.endswith("/") and path.startswith(known)]
        return self._places[max(above, key=len)] if above else None


def _of_pubmed(name: str, route: Route) -> Route:
    def answer(asked: Request) -> Reply:
        database = asked.one("db")
        if database != "pubmed" and (database or name not in {"einfo", "elink"}):
            return error_reply(_ROOTS[name], f"Invalid db name specified: {database}")
        return route(asked)

    return answer
