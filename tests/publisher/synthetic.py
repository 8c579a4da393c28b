"""What all parts of the synthetic review share: names, days, records."""

from datetime import UTC, datetime

from review.effect import AnalysisKey
from review.ids import ReportId, StudyId
from review.record import Record

SOURCE = "A synthetic meta-analysis, written for these tests"
SMD_KEY = AnalysisKey("usual", "disability", "post", "all")
RR_KEY = AnalysisKey("usual", "response", "post", "all")
BASELINE, NEW = "ABCDE", "FGHIJKLM"
NOW = datetime(2021, 3, 3, 12, tzinfo=UTC)


def day(year: int, month: int = 1, at: int = 10) -> datetime:
    return datetime(year, month, at, 9, tzinfo=UTC)


def record(number: int, source: str, title: str) -> Record:
    return Record(
        source=source,
        accession=str(number),
        title=title,
        authors=("Tester A",),
        journal="Journal of Tests",
        year=2000,
        pmid=str(number) if source == "pubmed" else "",
    )


def study_of(letter: str) -> StudyId:
    return StudyId(f"Study {letter}")


def report_of(letter: str) -> ReportId:
    source = "baseline" if letter in BASELINE else "pubmed"
    return ReportId(f"{source}:{ord(letter)}")
