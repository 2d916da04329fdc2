"""The program that Claude Code and hooks of other tools call on a developer's machine, in pieces.

`assemble.program` puts the pieces into one file that plain ``python3`` runs: they import the standard library and each
other, nothing else. What may not be used here for that reason: msgspec, cryptography, anything of ``clearance`` outside
this folder. A developer's machine has none of it, and the program may take 100 ms.
"""
