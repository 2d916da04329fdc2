"""Decision records in Cedar: a schema, policies, requests, and a check by Cedar itself."""
