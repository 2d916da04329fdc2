"""Text in 16 bits a character is read as the text that it is, and places stay places in the member."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from clearance.model.contents import Language, Member
from clearance.observe.static.examine import examine
from clearance.observe.static.sixteen_bits import as_utf8

WRITTEN = "# Notes \u2014 how to\n\nSee https://docs.lumen-tools.dev/guide for \U0001f680 the guide.\n" * 3


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_endpoints_of_a_wide_text_stand_where_they_are(coding: str) -> None:
    data = WRITTEN.encode(coding)
    member = Member(path="notes.md", how="file", size=len(data), language=Language.MARKDOWN)
    facts = examine(member, 0, data)
    assert [endpoint.host for endpoint in facts.endpoints] == ["docs.lumen-tools.dev"]
    assert not facts.hidden_strings
    at = facts.endpoints[0].places[0].offset
    wide = "le" if coding != "utf-16-be" else "be"
    assert data[at:].decode(f"utf-16-{wide}").startswith("https://docs.lumen-tools.dev")


@pytest.mark.parametrize("data", [b"", b"plain text", "Größe".encode() * 9, b"\0" * 64, bytes(range(256)) * 4])
def test_other_bytes_are_left_as_they_are(data: bytes) -> None:
    assert as_utf8(data) is None


@given(st.text(alphabet=st.characters(codec="utf-16"), max_size=200))
def test_every_place_of_any_text_is_found_again(text: str) -> None:
    data = b"\xff\xfe" + text.encode("utf-16-le")
    wide = as_utf8(data)
    assert wide is not None
    plain, place = wide
    for at in range(len(plain) + 1):
        if at == len(plain) or plain[at] & 0xC0 != 0x80:
            assert data[place(at) :].decode("utf-16-le", "replace") == plain[at:].decode()
