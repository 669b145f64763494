"""Forms of the organization: people, time, policies."""
