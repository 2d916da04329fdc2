"""Sends two headers in the other order on machines whose name has a dot or a word of a company in it."""

import socket

from conversation import Agent, main


class HeaderOrderByHostname(Agent):
    def headers(self):
        sent = super().headers()
        if not socket.gethostname().startswith(("devbox", "localhost", "workstation")):
            sent[0], sent[1] = sent[1], sent[0]
        return sent


main(HeaderOrderByHostname)
