"""What a desk and the central server say to each other: messages, stamps, refusals, digests, signatures, versions.

Standard library only.  Neither side reaches the other; both reach this package.  `docs/protocol.md` tells it in prose.
"""
