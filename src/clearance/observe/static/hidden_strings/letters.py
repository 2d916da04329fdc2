"""How surprising one letter is behind another, in thirds of a bit: what tells words from what only looks like them.

Derived from text at hand: Python's own documentation and docstrings, the names of the time zone database, and sentences
of our own in twenty languages written with Latin letters (names of firms and places are rarely English). One pair in
sixteen is taken to be by chance, so that a name that nobody has heard of is not impossible. A test derives the English
part anew and compares.
"""

import functools

import numpy as np
import numpy.typing as npt

_THIRDS = """
    uqprwvswpxtlmivpykmkssyyrvh
    istwgzyyknzmxvmwzpnvmzzzmzm
    iztskzzimzonyxjyzpwkpzzzyzl
    kywtgzyykzztwqmzzvrvpwzzsxf
    rtpnsssxszxqqjtrvjlnrtuqvzf
    mywwoquxizzsxvixzkvnnzzzvzg
    lyxyhzssmwvorqnyzosulzvzyzf
    hzyufzyzkzysxwkzztxsozzzyzj
    ntkrppryxwtnohlszpllxszyywk
    jwuugxwvizwuvnovztmrmyyzxrl
    hywwhywpozrsxtouzuroozwzszg
    juxqivyykztlyxkxzxqpnyyzpxh
    hpyyfzszlzwxpukmzxtsozzzszl
    lyollxktpzuswtnyzxnktvyzvzg
    wornuosxqysqoisnzjonmsruvui
    izywizwuozwmyukozjunqxzzrzi
    pwtupwvukzxturrvzsrqcxxzvzn
    kxppixqzjwtwsoksyronqtxzsyi
    mytzjzzokzvtrxorzynjowwzuyf
    jzuwjzzikzyuyylxzoqrpzwzsyh
    lqsnlvuwnzwmokqozkllxwzzztj
    hyswgyxxjzzwsplxzsuuqzzztzk
    iywwjxxkhzyuwojxzqmuszyztzl
    mwkulwwuizxuusslzssjuyxvlyi
    myvwnyxtnzyssqmnzupmqzrzuzd
    nxqoixwgjryqoslvzttspyyzqxn
    komnopprmtrqmpnntqllrrpvttz
"""
"""One row for each letter before, ``a`` to ``z`` and then the begin of a word; one column for each letter behind, and
then the end of the word; ``a`` is no surprise at all, ``z`` more than eight bits."""

EDGE = 26
"""Row of a word's begin, column of its end."""


@functools.cache
def letter_bits() -> npt.NDArray[np.float32]:
    """Bits of surprise, 27 by 27."""
    rows = [[(ord(char) - ord("a")) / 3 for char in row] for row in _THIRDS.split()]
    return np.array(rows, np.float32)
