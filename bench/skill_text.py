"""Honest skills, rules files and tool descriptions by name: packages on which thresholds of those channels are fitted.

    python bench/skill_text.py --out DIR            # fetches what skill_text.toml pins, checks digests, unpacks
    python bench/skill_text.py --update             # writes the table anew with the newest versions

Below DIR lie ``calibrate``, which thresholds and rules were made with, and ``judge``, which nobody read before the
figures were taken; a folder a package. Only the files that extend an agent are judged (``bench/skills.py``).
"""

import argparse
from pathlib import Path

import developer_text

TABLE = Path(__file__).with_suffix(".toml")
NAMES = {
    "calibrate": (
        "npm:@elizaos/skills", "npm:@houseofwolvesllc/claude-scrum-skill", "npm:@n8n-as-code/skills",
        "npm:@nextsparkjs/ai-workflow", "npm:@plaited/development-skills", "npm:agentic-vault",
        "npm:ai-labs-claude-skills", "npm:cc-sdd", "npm:ecc-universal", "npm:shopify-cc-kit", "npm:bmad-method",
        "npm:task-master-ai", "npm:agentic-team-templates", "pypi:adclaw", "pypi:agent-skills-library",
        "pypi:claude-cortex", "pypi:clawbio", "pypi:holoviz-skills", "pypi:mmo", "pypi:panmetis",
    ),
    "judge": (
        "npm:@framers/agentos-skills-registry", "npm:@longtq2501/next-spring-skills", "npm:@paw-workflow/cli",
        "npm:@orchestra-research/ai-research-skills", "npm:@wednesday-solutions-eng/ai-agent-skills",
        "npm:ai-devkit", "npm:blueprint-os", "npm:claude-cli-advanced-starter-pack", "npm:oh-my-ag", "npm:specweave",
        "npm:claude-flow", "npm:vibe-rules", "npm:skillkit", "pypi:bitranox-skills", "pypi:claude-data-skills",
        "pypi:geepers-agents", "pypi:jira-assistant-skills", "pypi:pocketteam", "pypi:universal-skills",
        "pypi:superclaude", "pypi:mult-agentes", "pypi:wooden-skills",
    ),
}  # fmt: skip


def main() -> None:
    """Fetch, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="folder for the unpacked packages")
    parser.add_argument("--update", action="store_true", help="write the table with the newest versions")
    options = parser.parse_args()
    developer_text.fetch_table(TABLE, NAMES, out=options.out, update=options.update)


if __name__ == "__main__":
    main()
