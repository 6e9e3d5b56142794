"""What is kept: tables, one writer that commits in groups, and the reads that recovery needs."""
