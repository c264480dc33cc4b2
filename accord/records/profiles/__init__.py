"""What therapists say about themselves, and whether they have a place: counted from the caseload, never claimed."""
