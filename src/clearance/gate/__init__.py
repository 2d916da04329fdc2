"""The inspecting proxy. Not there yet (a later issue)."""
