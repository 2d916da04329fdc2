"""Sealed rooms: a keeper forks a warden for each room, the warden builds the room, runs the command and cleans up."""
