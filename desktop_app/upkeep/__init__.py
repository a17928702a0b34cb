"""Work on a store as a whole, while nobody has it open: its keys, and setting right a damaged file."""
