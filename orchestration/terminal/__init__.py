"""What a person at a terminal sees of a run: its steps while it runs, its outcome when it ends."""
