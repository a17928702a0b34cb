"""The words of the command line, one file per room; nothing here imports what a command runs."""
