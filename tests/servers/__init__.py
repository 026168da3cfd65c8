"""Real PostgreSQL, Kafka and Elasticsearch for tests, on loopback.

Each is taken from where it is found first: an address in the environment (fixtures.py), a Docker daemon (docker.py), or our own
process from the machine's PostgreSQL and from Maven packages. Started once per test session, when first asked for.
"""
