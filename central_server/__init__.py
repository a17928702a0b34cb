"""The reference server: a mailbox with a counter.

It checks who speaks, what they may see and the shape of what is said; it numbers it and hands it on.  It knows no table
of residents.
"""
