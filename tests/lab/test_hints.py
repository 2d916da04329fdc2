"""Lists that lie hidden in a release become levels: in turn, those behind a key first, and never too many."""

from clearance.lab.hints import MOST, levels_found
from clearance.model.contents import Contents, HiddenString, Hiding, Where


def hidden(
    kind: Hiding, *items: str, layers: tuple[str, ...] = ("base64",), near: tuple[str, ...] = ()
) -> HiddenString:
    return HiddenString(
        layers=layers,
        kind=kind,
        items=items,
        text="\n".join(items),
        size=9,
        encoded=9,
        score=0.9,
        near=near,
        place=Where(member=0, offset=1),
    )


def levels(*found: HiddenString) -> dict[str, tuple[str, ...]]:
    return dict(levels_found(Contents(members=(), hidden_strings=found)))


def test_hosts_and_words_are_staged_as_base_urls_and_zones_as_time_zones() -> None:
    found = levels(
        hidden(Hiding.HOSTS, "a.kolor.com", "b.martul.net"),
        hidden(Hiding.WORDS, "kolor", "martul"),
        hidden(Hiding.TIME_ZONES, "Asia/Tokyo", "Europe/Rome"),
    )
    assert found == {
        "base_url": ("a.kolor.com", "kolor", "b.martul.net", "martul"),
        "timezone": ("Asia/Tokyo", "Europe/Rome"),
    }


def test_what_lies_behind_a_key_comes_first() -> None:
    plain = hidden(Hiding.HOSTS, "a.kolor.com", "b.martul.net")
    keyed = hidden(Hiding.HOSTS, "c.zerin.kr", "d.vasnet.org", layers=("base64", "xor 7"))
    assert levels(plain, keyed)["base_url"][0] == "c.zerin.kr"


def test_a_single_value_and_texts_are_no_levels() -> None:
    assert levels(hidden(Hiding.HOSTS, "a.kolor.com"), hidden(Hiding.TEXT, "one", "two")) == {}


def test_a_list_of_decoys_does_not_push_the_other_lists_out() -> None:
    decoys = hidden(Hiding.HOSTS, *(f"host{n}.kolor.com" for n in range(900)), layers=("base64", "xor 7"))
    other = hidden(Hiding.HOSTS, "c.zerin.kr", "d.vasnet.org")
    staged = levels(decoys, other)["base_url"]
    assert len(staged) == MOST
    assert {"c.zerin.kr", "d.vasnet.org"} <= set(staged)
