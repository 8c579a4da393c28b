"""What a table of effects may state beside a value: means per arm, moderators, kind of value, follow-up."""

from dataclasses import replace
from pathlib import Path

import pytest

from review.effect import ArmMeans
from review.protocol import Protocol
from review.protocol_reader import read_protocol
from review.protocol_synthesis import Moderator
from review.published_effects import read_effects
from review.tables import TableError

BASE = {
    "study": "Trial A",
    "row": "",
    "outcome": "disability",
    "comparison": "usual",
    "timepoint": "post",
    "stratum": "non-headache",
    "measure": "SMD",
    "value": "",
    "se": "",
    "better": "lower",
    "instrument": "PDI",
    "shared_control": "none",
    "n": "",
    "subgroups": "",
    "source": "a table",
    "note": "",
}
MEANS = {"m1i": "10", "sd1i": "4", "n1i": "30", "m2i": "12", "sd2i": "5", "n2i": "32"}


@pytest.fixture
def protocol(root: Path) -> Protocol:
    """The pain review's protocol with a moderator."""
    read = read_protocol(root / "protocols" / "internet-pain")
    return replace(read, moderator={"age": Moderator(label="Mean age", unit="years")})


def read_one(path: Path, protocol: Protocol, **cells: str):
    """Write a table of one row and read it."""
    row = BASE | cells
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    (effect,) = read_effects(path, protocol)
    return effect.estimate


def test_means_per_arm_are_read(tmp_path, protocol):
    """A row may state means, standard deviations and sizes instead of a value."""
    found = read_one(tmp_path / "effects.csv", protocol, **MEANS)
    assert found.arms == ArmMeans(m1i=10.0, sd1i=4.0, n1i=30, m2i=12.0, sd2i=5.0, n2i=32)
    assert found.value is None


def test_moderators_kind_of_value_and_follow_up_are_read(tmp_path, protocol):
    """A row may state what the protocol's rules and its meta-regression go by."""
    more = {"moderators": "age=45.5", "values": "change", "months": "6", "value": "0.2", "se": "0.1"}
    found = read_one(tmp_path / "effects.csv", protocol, **more)
    assert (found.moderators, found.values, found.months) == ((("age", 45.5),), "change", 6.0)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"moderators": "age=2;age=3"}, "moderators age; age: one is named twice"),
        ({"moderators": "height=2"}, "moderators 'height', which is none of age"),
        ({"moderators": "age=nan"}, "expected finite numbers"),
        ({"values": "last"}, "values 'last', which is none of"),
        ({"months": "inf"}, "months 'inf', which is no finite number"),
        (MEANS | {"outcome": "attrition", "measure": "RR"}, "means per arm, where RR takes counts per arm"),
        (MEANS | {"n1i": ""}, "n1i empty, where m1i, sd1i, n1i, m2i, sd2i, n2i are one set"),
        (MEANS | {"m1i": "", "value": "0.2", "se": "0.1"}, "m1i empty, where m1i"),
        (MEANS | {"value": "0.2"}, "value '0.2' beside m1i"),
        (MEANS | {"sd1i": "two"}, "sd1i 'two', which is no number"),
        (MEANS | {"n2i": "40.5"}, "n2i '40.5', which is no whole number"),
        ({"months": "-1"}, "months '-1', where a follow-up is 0 or more"),
        ({"source": ""}, "source is empty: each line names where it was printed"),
        ({"source": " "}, "source is empty"),
        (MEANS | {"n": "61"}, r"n 61, where the arms have 30 \+ 32 = 62"),
        ({"months": "six"}, "months 'six', which is no number"),
        (MEANS | {"better": "higher"}, "better 'higher' of means by PDI, where the protocol says 'lower'"),
        (MEANS | {"sd2i": "0"}, "control arm: found the standard deviation 0.0"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_its_line(tmp_path, protocol, cells, sentence):
    """A wrong cell refuses the table and names the line."""
    given = {"value": "0.2", "se": "0.1"} if "m1i" not in cells else {}
    with pytest.raises(TableError, match=f"line 2: found .*{sentence}"):
        read_one(tmp_path / "effects.csv", protocol, **given, **cells)


def test_more_participants_than_measured_are_read(tmp_path, protocol):
    """A trial may have randomised more than its arms show, and a follow-up may end with treatment."""
    found = read_one(tmp_path / "effects.csv", protocol, **MEANS, n="70", months="0")
    assert (found.n, found.months) == (70, 0.0)
