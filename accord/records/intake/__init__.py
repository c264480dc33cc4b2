"""What a client wants known before they first meet somebody: kept as it is typed, sent when they say so."""
