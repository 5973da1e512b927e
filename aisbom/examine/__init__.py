"""STAGE 2: rows about rows: digests of weights, known models, names of the hub."""
