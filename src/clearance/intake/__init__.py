"""Getting a release: registries, folders and archives to bytes with provenance, and hostile archives to a Tree."""
