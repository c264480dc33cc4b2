"""The therapist's own desk: what rests, what they write for themselves alone, how they are told, how they guess."""
