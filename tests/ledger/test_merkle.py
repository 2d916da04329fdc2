"""Tree hashes of RFC 6962, with the vectors that other implementations are tested with."""

import pytest

from clearance.ledger.merkle import EMPTY, Edge, leaf_hash, perfect_root
from clearance.ledger.tiles import bundle, entries_of, read_tile_path, tile_path

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency() -> None:
    edge = Edge()
    assert edge.root() == EMPTY
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        edge.append(leaf_hash(bytes.fromhex(leaf)))
        assert edge.root().hex() == root


def test_a_perfect_tree_has_the_same_root_as_a_grown_one() -> None:
    hashes = [leaf_hash(bytes([n])) for n in range(64)]
    edge = Edge()
    for each in hashes:
        edge.append(each)
    assert perfect_root(hashes) == edge.root()


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("tile/0/000", ("0", 0, 256)),
        ("tile/0/x001/x234/067", ("0", 1_234_067, 256)),
        ("tile/1/x001/234.p/17", ("1", 1234, 17)),
        ("tile/entries/255", ("entries", 255, 256)),
    ],
)
def test_paths_are_those_of_the_specification(path: str, parts: tuple[str, int, int]) -> None:
    assert read_tile_path(path) == parts
    assert tile_path(*parts) == path


@pytest.mark.parametrize(
    "path", ["tile/0/0", "tile/0/x000/001", "tile/0/001.p/0", "tile/00/001", "tile/0/001.p/256", "x"]
)
def test_a_path_that_is_spelt_otherwise_is_none(path: str) -> None:
    assert read_tile_path(path) is None


def test_bundles_give_back_their_entries_and_show_where_they_were_cut() -> None:
    entries = [b"", b"one", b"x" * 65_535]
    data = bundle(entries)
    assert list(entries_of(data)) == entries
    with pytest.raises(ValueError, match="in the middle"):
        list(entries_of(data[:-1]))
