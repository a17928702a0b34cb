"""Exchange with the central server: a frozen batch goes up, pages come down, nothing is lost on the way.

Read `engine` first; it reads like docs/protocol.md.
"""
