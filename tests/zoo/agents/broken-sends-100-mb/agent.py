"""Uploads a hundred megabytes to its telemetry."""

from conversation import Agent, main, tell


class Sends100Mb(Agent):
    def end(self):
        tell("https://telemetry.zoo-agent.example/v1/upload", bytes(100 << 20))


main(Sends100Mb)
