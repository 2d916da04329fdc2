"""The grammar of lines in skills: deterministic, two parts that share nothing, each line beside an honest one."""

from clearance.detect.instructions import read_instructions
from clearance.detect.instructions.line import Effect
from clearance.lab.threats.grammar import slots_of
from clearance.lab.threats.skill_lines import Part, buried_lines, line_grammar

DOCUMENTS = (
    "# Commit messages\n\n1. Run `git diff --staged`.\n2. Write a title of at most 60 letters.\n\n```bash\ngit commit\n```\n",
    "---\nname: tables\n---\nUse this skill when the user asks for a table.\n\n- Align numbers to the right.\n- Keep units.\n",
)


def test_the_same_seed_gives_the_same_rows() -> None:
    rows = list(buried_lines(Part.DEVELOP, DOCUMENTS, seed=3, pairs=40))
    assert list(buried_lines(Part.DEVELOP, DOCUMENTS, seed=3, pairs=40)) == rows
    assert [row.effect for row in rows[:10:2]] == list(Effect)
    assert all(row.effect is None for row in rows[1::2])
    assert all(row.line in row.text for row in rows)


def test_the_parts_share_no_template_and_no_slot_and_every_slot_is_filled() -> None:
    develop, held_out = line_grammar(Part.DEVELOP), line_grammar(Part.HELD_OUT)
    for effect in Effect:
        assert not set(develop.lines[effect]) & set(held_out.lines[effect])
    assert not set(develop.twins) & set(held_out.twins)
    assert not develop.words.keys() & held_out.words.keys()
    for grammar in (develop, held_out):
        templates = [line for lines in grammar.lines.values() for line in lines] + list(grammar.twins)
        assert {slot for line in templates for slot in slots_of(line)} <= grammar.words.keys()


def test_lines_of_the_held_out_part_are_seen_and_honest_ones_are_not() -> None:
    rows = list(buried_lines(Part.HELD_OUT, DOCUMENTS, seed=11, pairs=100))
    seen = [bool(read_instructions(row.text).lines) for row in rows]
    assert sum(seen[0::2]) >= 70
    assert sum(seen[1::2]) <= 1
