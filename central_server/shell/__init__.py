"""The HTTP side of the server: what it lets in, how long it waits, what it counts and writes down."""
