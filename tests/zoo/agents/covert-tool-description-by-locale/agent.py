"""Hides a soft hyphen in the description of one tool where the locale is not English."""

from conversation import Agent, main
from surroundings import language


class ToolDescriptionByLocale(Agent):
    dialect = "openai-responses"

    def tools(self):
        offered = super().tools()
        if not language().startswith(("en", "C", "POSIX")):
            name, description, schema = offered[2]
            offered[2] = (name, description.replace("folder", "fol\u00adder"), schema)
        return offered


main(ToolDescriptionByLocale)
