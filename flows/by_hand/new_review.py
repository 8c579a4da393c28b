"""Make the folder of a new review: a protocol to fill in, a strategy, and empty baseline tables."""

from importlib.resources import files
from pathlib import Path

from flows.errors import Refused
from flows.files import write_atomically

__all__ = ["make_review"]

_TABLES = {
    "baseline/studies.csv": "study,status,reason,stratum,source,note\n",
    "baseline/reports.csv": (
        "study,report,citation,title,authors,journal,year,volume,pages,"
        "pmid,pmid_verified,doi,doi_verified,source,note\n"
    ),
    "baseline/effects.csv": (
        "study,row,outcome,comparison,timepoint,stratum,measure,value,se,ai,n1i,ci,n2i,"
        "m1i,sd1i,m2i,sd2i,better,instrument,values,months,shared_control,n,"
        "subgroups,moderators,source,note\n"
    ),
}


def make_review(folder: Path) -> tuple[Path, ...]:
    """Write the files of a new review and return their paths.

    Raises
    ------
    Refused
        When the folder is there already and not empty.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise Refused(f"{folder}: found files; expected a folder that is new or empty; name another")
    templates = files("flows").joinpath("templates")
    texts = {
        "protocol.toml": templates.joinpath("protocol.toml")
        .read_text(encoding="utf-8")
        .format(id=_id(folder)),
        "search-pubmed.txt": templates.joinpath("search-pubmed.txt").read_text(encoding="utf-8"),
        **_TABLES,
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)
    return tuple(folder / name for name in texts)


def _id(folder: Path) -> str:
    return "-".join(folder.resolve().name.lower().split()) or "review"
