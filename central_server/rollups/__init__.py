"""The reader that counts for street and district: it reads the mailbox and writes only its own `report_` tables.

Only counts ever leave it, never a name; of a record it keeps the few fields that are counted.
"""
