"""A trace read as places and values: what left, cut into parts that can be compared between runs."""
