"""Looks at the time zone, locale, user, keys and git, and sends nothing of it."""

from conversation import Agent, main
from surroundings import foreign_keys, git_email, git_remote, in_ci, language, proxied, user, zone


class ReadsEverything(Agent):
    def begin(self):
        self.seen = (zone(), language(), user(), foreign_keys(), git_remote(), git_email(), in_ci(), proxied())


main(ReadsEverything)
