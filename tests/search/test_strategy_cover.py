"""What lint calls idle is idle: held against records."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.query.linting.cover import Cover
from search.strategy import Indexed, parse

WORDS = ("pain", "pains", "back", "low")
TEXTS = [" ".join(words) for size in (1, 2, 3) for words in itertools.product(WORDS, repeat=size)]
RECORDS = [
    Indexed(Record(source="s", accession="1", title=title, abstract=abstract, keywords=keywords, mesh=mesh))
    for title, abstract, keywords, mesh in [
        *((text, "", (), ()) for text in TEXTS),
        *(("", text, (), ()) for text in TEXTS),
        *(("", "", (text,), ()) for text in TEXTS[:20]),
        *(
            ("", "", (), (mesh,))
            for mesh in ("Pain", "*Pain", "Pain/therapy", "Pain/*therapy", "Back Pain", "Pains/therapy")
        ),
    ]
]

TERMS = st.builds(
    "{}{}{}[{}]".format,
    st.just('"'),
    st.sampled_from([*TEXTS[:20], "pain*", "back pain*", "back*", "low back*", "pain/therapy", "back*n"]),
    st.just('"'),
    st.sampled_from(["ti", "ab", "tiab", "ot", "tw", "all", "mh", "majr", "mh:noexp", "tiab:~0", "ti:~1"]),
)
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", "NOT"]), inner),
    max_leaves=3,
)


@given(QUERIES, QUERIES)
def test_a_cover_finds_whatever_it_covers(wide, narrow):
    """Where one part is said to cover another, every record that the other finds it finds too."""
    cover, covered = parse(wide), parse(narrow)
    if Cover((cover.tree,)).of(covered.tree) is None:
        return
    assert [one.record for one in RECORDS if covered.matches(one) and not cover.matches(one)] == []
