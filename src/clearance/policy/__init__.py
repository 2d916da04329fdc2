"""Decision records, region rules and compilers to managed settings. Not there yet (issue 4)."""
