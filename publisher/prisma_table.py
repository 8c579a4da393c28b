"""The flow in the columns of the R package PRISMA2020 (inst/extdata/PRISMA.csv), for its diagram function.

Its template knows no box for reports that still wait: those stay out of *excluded* and stand in extra rows,
as does the split of *duplicates*, which are one number in its box.
"""

from review.prisma import PrismaFlow

__all__ = ["PRISMA_COLUMNS", "prisma_rows"]

PRISMA_COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")

Row = tuple[str, str, str, str, str, str, str, str]


def prisma_rows(flow: PrismaFlow) -> tuple[Row, ...]:
    """Return the template's rows with their numbers, then one row for each box that the template lacks."""
    found = dict(flow.identified)
    registers, cited = (found.pop(source, 0) for source in ("clinicaltrials", "citations"))
    reasons = "; ".join(f"{_plain(reason)}, {n}" for reason, n in flow.excluded_at_full_text)
    return (
        _title("node4", "prevstud", "Previous studies"),
        _row(
            "previous_studies",
            "node5",
            "box1",
            "Studies included in previous version of review",
            flow.previous_studies,
        ),
        _row(
            "previous_reports",
            "NA",
            "box1",
            "Reports of studies included in previous version of review",
            flow.previous_reports,
        ),
        _title("node6", "newstud", "Identification of new studies via databases and registers"),
        _row("database_results", "node7", "box2", "Databases", sum(found.values())),
        _row("register_results", "NA", "box2", "Registers", registers),
        _title("node16", "othstud", "Identification of new studies via other methods"),
        _row("website_results", "node17", "box11", "Websites", 0),
        _row("organisation_results", "NA", "box11", "Organisations", 0),
        _row("citations_results", "NA", "box11", "Citation searching", cited),
        _row("duplicates", "node8", "box3", "Duplicate records", flow.duplicates),
        _row("excluded_automatic", "NA", "box3", "Records marked as ineligible by automation tools", 0),
        _row("excluded_other", "NA", "box3", "Records removed for other reasons", 0),
        _row("records_screened", "node9", "box4", "Records screened", flow.screened),
        _row("records_excluded", "node10", "box5", "Records excluded", flow.excluded_at_screening),
        _row("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval", flow.sought),
        _row("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved", 0),
        _row("other_sought_reports", "node18", "box12", "Reports sought for retrieval", 0),
        _row("other_notretrieved_reports", "node19", "box13", "Reports not retrieved", 0),
        _row("dbr_assessed", "node13", "box8", "Reports assessed for eligibility", flow.assessed),
        _row("dbr_excluded", "node14", "box9", "Reports excluded", reasons or "NA, 0"),
        _row("other_assessed", "node20", "box14", "Reports assessed for eligibility", 0),
        _row("other_excluded", "node21", "box15", "Reports excluded", "NA, 0"),
        _row("new_studies", "node15", "box10", "New studies included in review", flow.new_studies),
        _row("new_reports", "NA", "box10", "Reports of new included studies", flow.new_reports),
        _row("total_studies", "node22", "box16", "Total studies included in review", flow.total_studies),
        _row("total_reports", "NA", "box16", "Reports of total included studies", flow.total_reports),
        _title("node1", "identification", "Identification"),
        _title("node2", "screening", "Screening"),
        _title("node3", "included", "Included"),
        *_extra(flow),
    )


def _extra(flow: PrismaFlow) -> tuple[Row, ...]:
    boxes = (
        (
            "duplicates_by_identifiers",
            "Duplicate records removed by identical identifiers",
            flow.duplicates_by_identifiers,
        ),
        ("duplicates_by_people", "Duplicate records removed by people", flow.duplicates_by_people),
        ("awaiting_screening", "Reports not screened yet", flow.awaiting_screening),
        ("screening_conflicts", "Reports held as conflicts at screening", flow.screening_conflicts),
        ("awaiting_full_text", "Reports awaiting full text", flow.awaiting_full_text),
        ("full_text_conflicts", "Reports held as conflicts at full text", flow.full_text_conflicts),
        ("awaiting_classification", "Reports awaiting classification", flow.awaiting_classification),
        ("ongoing", "Reports of ongoing studies", flow.ongoing),
        ("siblings_apart", "Other reports of studies that are not included", flow.siblings_apart),
        ("settled_by_import", "Reports settled by an imported decision", flow.settled_by_import),
    )
    return tuple(_row(name, "NA", "NA", text, n) for name, text, n in boxes)


def _row(data: str, node: str, box: str, text: str, n: int | str) -> Row:
    return (data, node, box, text, text, text, "NA", str(n))


def _title(node: str, box: str, text: str) -> Row:
    return ("NA", node, box, text, text, text, "NA", "0")


def _plain(reason: str) -> str:
    """Drop commas and semicolons, at which the package splits."""
    return reason.replace(",", " ").replace(";", " ")
