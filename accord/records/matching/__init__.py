"""Whether two people fit: the client's own look at it, what they wish to change, the wish to meet someone else."""
