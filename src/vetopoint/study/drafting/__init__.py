"""From claims to a case: who plays which part, which pattern fits, and the pattern filled."""
