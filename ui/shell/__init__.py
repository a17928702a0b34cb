"""What stands around the pages: threads, signals, problems, theme, commands, settings."""
