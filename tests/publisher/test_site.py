"""A whole site: what stands in it, what never changes, and that the same input gives the same bytes."""

import json
from dataclasses import replace
from datetime import timedelta

import jsonschema
import pytest

from publisher.archive import ArchiveError, folder_of
from publisher.deploy import BusyError, exclusive
from publisher.evidence import evidence
from publisher.release import release
from publisher.site import build_edition
from publisher.snapshot import MissingSynthesisError, living
from review.ledger import Ledger
from tests.publisher.synthetic import NOW
from tests.publisher.synthetic_course import edition


def everything(root) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "feed.xml",
        "feed.json",
        "release.json",
        "release.schema.json",
        "SHA256SUMS",
        "data/prisma.csv",
        "data/included.ris",
        "v/1.0.0/index.html",
        "v/2.0.0/release.json",
        "v/2.0.0/figures/forest-usual-disability-post-all.svg",
        "v/2.0.0/figures/forest-usual-disability-post-all.png",
        "latest/index.html",
        "latest/data/effects.csv",
        "replay/index.html",
        "replay/2020.html",
    ],
)
def test_promised_file_is_there(site, path):
    """Each address that others rely on answers."""
    assert (site / path).is_file()


def test_same_input_gives_same_bytes(site, put, tmp_path):
    """Building the same review elsewhere gives the same files to the last byte."""
    assert everything(put(tmp_path / "again").root) == everything(site)


def test_building_step_by_step_equals_building_at_once(site, put, tmp_path, ledger):
    """Editions published one at a time equal those of one build: each is the ledger as of its day."""
    first = ledger.editions[0]
    put(tmp_path / "steps", ledger=ledger.as_of(first.at), now=first.at)
    assert everything(put(tmp_path / "steps").root / "v") == everything(site / "v")


def test_published_edition_is_not_built_again(put, tmp_path, bare):
    """A second call builds no edition."""
    put(tmp_path / "site", ledger=bare)
    assert put(tmp_path / "site", ledger=bare).built == ()


def test_published_edition_survives_other_words(put, tmp_path, labels, bare):
    """New labels change the front page and leave the editions alone."""
    root = put(tmp_path / "site", ledger=bare).root
    before = everything(root / "v")
    put(tmp_path / "site", ledger=bare, labels=replace(labels, title="Other words"))
    assert everything(root / "v") == before
    assert "Other words" in (root / "index.html").read_text()


def test_changed_edition_stops_publication(put, tmp_path, bare):
    """An edition whose bytes were altered on disk is named, and nothing is published over it."""
    root = put(tmp_path / "site", ledger=bare).root
    (root / "v/1.0.0/index.html").write_text("altered")
    with pytest.raises(ArchiveError, match=r"v/1\.0\.0/index\.html: found it changed"):
        put(tmp_path / "site", ledger=bare)


def test_other_content_under_a_published_number_is_refused(put, tmp_path, ledger, bare):
    """A ledger whose edition rests on other syntheses cannot take a published number."""
    put(tmp_path / "site", ledger=bare)
    other = (bare.editions[0], ledger.editions[1])
    with pytest.raises(ArchiveError, match="publish under another number"):
        put(tmp_path / "site", ledger=replace(ledger, editions=other))


def test_publication_waits_for_nobody(put, tmp_path, bare):
    """Where another process publishes, nothing is built and nothing is lost."""
    with exclusive(tmp_path / "site"), pytest.raises(BusyError, match="try again"):
        put(tmp_path / "site", ledger=bare)


def test_forgotten_edition_is_refused(put, tmp_path, bare):
    """A ledger that lost a published edition cannot replace the site."""
    put(tmp_path / "site", ledger=bare)
    with pytest.raises(ArchiveError, match="does not know"):
        put(tmp_path / "site", ledger=replace(bare, editions=bare.editions[:1]))


@pytest.mark.parametrize("name", ["../1", "a/b", "", ".hidden"])
def test_edition_name_cannot_leave_its_folder(name):
    """An edition's name is a plain folder name."""
    with pytest.raises(ArchiveError, match="expected letters"):
        folder_of(name)


def test_edition_with_unknown_synthesis_is_refused(put, tmp_path, ledger):
    """An edition whose numbers are not in the ledger is not published."""
    with pytest.raises(MissingSynthesisError, match="found no synthesis"):
        put(tmp_path / "site", ledger=replace(ledger, syntheses=ledger.syntheses[:1]))


def test_empty_review_has_a_site(put, tmp_path):
    """Before anything happened there is a page that says so."""
    root = put(tmp_path / "site", ledger=Ledger(), replay=None).root
    assert "No edition has been published yet." in (root / "index.html").read_text()


def test_progress_reaches_its_end(bare, reports, protocol, tmp_path):
    """The caller hears of each edition and of the end."""
    from publisher.site import publish

    heard = []
    publish(bare, reports, protocol, tmp_path / "s", now=NOW, progress=lambda *step: heard.append(step))
    assert (heard[0], heard[-1]) == ((0, 4, "edition 1.0.0"), (4, 4, "done"))


def test_old_edition_does_not_know_the_future(material, ledger):
    """The page of an edition holds nothing that was written later."""
    page = build_edition(material, ledger.editions[0])["index.html"].decode()
    assert "Study F" not in page
    assert "2.0.0" not in page


def test_unsigned_analysis_is_named_without_its_numbers(front, ledger):
    """A newer analysis that nobody signed is announced, its estimate is not."""
    last = ledger.syntheses[-1]
    waiting = replace(last, digest="d-new", numbers=replace(last.numbers, estimate=7.5))
    page = front(ledger=replace(ledger, syntheses=(*ledger.syntheses, waiting)))
    assert ("1 newer analysis not signed yet" in page, "7.500" in page) == (True, False)


@pytest.mark.parametrize("path", ["release.json", "v/1.0.0/release.json", "v/2.0.0/release.json"])
def test_release_follows_its_schema(site, path):
    """Every release is what its schema promises."""
    schema = json.loads((site / "release.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((site / path).read_text()), schema)


def test_release_of_an_empty_review_follows_the_schema(put, tmp_path):
    """The schema holds before the first edition too."""
    root = put(tmp_path / "s", ledger=Ledger()).root
    schema = json.loads((root / "release.schema.json").read_text())
    jsonschema.validate(json.loads((root / "release.json").read_text()), schema)


def test_schema_refuses_a_release_without_clocks(site):
    """The schema is not so loose that anything passes."""
    document = json.loads((site / "release.json").read_text())
    del document["clocks"]
    with pytest.raises(jsonschema.ValidationError, match="clocks"):
        jsonschema.validate(document, json.loads((site / "release.schema.json").read_text()))


def test_release_keeps_the_pooled_numbers_to_the_last_digit(site, ledger):
    """What is published as data is what was pooled."""
    document = json.loads((site / "release.json").read_text())
    assert document["syntheses"][0]["numbers"]["estimate"] == ledger.syntheses[-1].numbers.estimate


def test_number_that_is_not_finite_is_null(material, ledger):
    """JSON knows no NaN: a number that does not exist is null."""
    last = ledger.syntheses[-1]
    broken = replace(last, numbers=replace(last.numbers, pval=float("nan"), tau2=float("inf")))
    changed = replace(ledger, syntheses=(*ledger.syntheses[:-1], broken))
    snapshot = living(replace(material, ledger=changed), NOW)
    document = json.loads(release(snapshot, evidence(snapshot)))
    assert document["syntheses"][0]["numbers"]["tau2"] is None


def test_latest_leads_to_the_newest_edition(site):
    """The lasting address of the newest edition leads there without a script."""
    assert "url=../v/2.0.0/index.html" in (site / "latest/index.html").read_text()


def test_new_edition_moves_latest(put, tmp_path, bare):
    """After a new edition the data under latest are its data."""
    put(tmp_path / "s", ledger=bare)
    third = edition(3, NOW, (), signer="lead")
    grown = replace(bare, editions=(*bare.editions, third))
    root = put(tmp_path / "s", ledger=grown, now=NOW + timedelta(days=1)).root
    assert json.loads((root / "latest/release.json").read_text())["edition"]["id"] == "3.0.0"
