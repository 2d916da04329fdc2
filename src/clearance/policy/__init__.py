"""Decision records, rules of regions and ownership, ``decide()``, the knowledge base. No hands: values only."""
