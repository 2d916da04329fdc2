"""How the schema came about, a file a step; run by ``database`` in one transaction."""
