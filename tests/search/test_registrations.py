"""Registration numbers: found as people write them, told apart from what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.registrations import find_registrations, normal_registration

WRITTEN = {
    "NCT01234567": ("NCT01234567", "nct 01234567", "NCT-01234567", "NCT: 01234567", "NCT\u201101234567"),
    "ISRCTN12345678": ("ISRCTN12345678", "isrctn 12345678", "ISRCTN number: 12345678"),
    "ACTRN12605000123456": ("ACTRN12605000123456", "ACTRN012605000123456", "ACTRN12605000123456p"),
    "DRKS00001234": ("DRKS00001234", "DRKS-ID: DRKS00001234", "DRKS no. 00001234"),
    "KCT0001234": ("KCT0001234",),
    "PACTR201012000123456": ("PACTR201012000123456",),
    "RPCEC00000123": ("RPCEC00000123",),
    "TCTR20180101001": ("TCTR20180101001",),
    "LBCTR2019030123": ("LBCTR2019030123",),
    "ITMCTR2022000001": ("ITMCTR2022000001",),
    "IRCT20080826001083N5": ("IRCT20080826001083N5", "irct20080826001083n5"),
    "UMIN000001234": ("UMIN000001234", "JPRN-UMIN000001234", "UMIN-CTR 000001234", "UMIN-CTR UMIN000001234"),
    "jRCTs031180001": ("jRCTs031180001", "JPRN-jRCTs031180001"),
    "jRCT1080220001": ("jRCT1080220001",),
    "JapicCTI-101234": ("JapicCTI-101234", "JapicCTI 101234"),
    "ChiCTR1800014900": ("ChiCTR1800014900", "CHICTR 1800014900"),
    "ChiCTR-TRC-09000430": ("ChiCTR-TRC-09000430", "ChiCTR\u2013TRC\u201309000430"),
    "CTRI/2010/091/000123": ("CTRI/2010/091/000123", "CTRI / 2010 / 091 / 000123"),
    "CTRI/2017/09/009753": ("CTRI/2017/09/009753",),
    "SLCTR/2010/001": ("SLCTR/2010/001",),
    "NTR1234": ("NTR1234", "NTR-TC 1234", "NTR-1234"),
    "NL-OMON12345": ("NL-OMON12345",),
    "RBR-6xkq5k": ("RBR-6xkq5k",),
    "PER-012-10": ("PER-012-10",),
    "U1111-1234-5678": ("U1111-1234-5678",),
    "EUCTR2012-000127-42": ("2012-000127-42", "EudraCT 2012-000127-42", "EUCTR2012-000127-42-GB"),
    "CTIS2022-500014-26": ("2022-500014-26-00", "CTIS2022-500014-26-01", "EU CT 2022-500014-26"),
}
FORMS = [(form, normal) for normal, forms in WRITTEN.items() for form in forms]


@pytest.mark.parametrize(("form", "normal"), FORMS)
def test_a_number_is_found_however_it_is_written(form: str, normal: str) -> None:
    """Each registry's number is found inside a sentence and spelled as the registry does."""
    assert find_registrations(f"The trial (registered as {form}) enrolled adults.") == (normal,)


@pytest.mark.parametrize("normal", WRITTEN)
def test_a_normal_number_stays_as_it_is(normal: str) -> None:
    """Normalising twice changes nothing."""
    assert normal_registration(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NCT0123456",
        "NCT012345678",
        "XNCT01234567",
        "p75NTR 12 and the Netherlands Twin Register (NTR 1987 cohort)",
        "call 2012-123456",
        "NL1234",
        "per-100-10",
        "CRD42012345678",
        "5-HT2A, IL-6 and U937 cells in 20 to 25 g mice",
    ],
)
def test_what_only_looks_like_a_number_is_left_alone(text: str) -> None:
    """Too few or too many digits, other words and numbers of other things are no registrations."""
    assert find_registrations(text) == ()


def test_several_numbers_come_once_each_in_order() -> None:
    """A text that names two trials twice gives both once, in the order in which they appear."""
    text = "ISRCTN12345678 (also NCT01234567); see isrctn 12345678 and https://x.invalid/NCT01234567."
    assert find_registrations(text) == ("ISRCTN12345678", "NCT01234567")


def test_two_numbers_have_no_one_normal_form() -> None:
    """A text with two numbers is not brought to one of them."""
    assert normal_registration("NCT01234567, NCT07654321") == ""


def test_an_address_of_a_registration_is_read() -> None:
    """A DOI that holds a registration number gives the number."""
    assert normal_registration("https://doi.org/10.1186/ISRCTN12345678") == "ISRCTN12345678"


@given(st.lists(st.sampled_from(FORMS), max_size=4), st.text(max_size=20))
def test_text_around_numbers_does_not_hide_them(forms: list[tuple[str, str]], noise: str) -> None:
    """Numbers set apart by brackets are all found, whatever else the text says."""
    text = noise + "".join(f" ({form}) " for form, _ in forms)
    assert {normal for _, normal in forms} <= set(find_registrations(text))


@given(st.text(alphabet="NCTno.:-# IDidentifier0123456789/", max_size=200))
def test_what_is_found_is_normal(text: str) -> None:
    """Whatever is found in any text is its own normal form."""
    assert all(normal_registration(number) == number for number in find_registrations(text))
