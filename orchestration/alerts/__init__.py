"""Who is told what: incidents open and close, each is told once, and nothing counts as told before it was delivered."""
