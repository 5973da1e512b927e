"""Many submissions as one catalogue: one unit of work, one key, one marker that is written last.

Engines only call the unit; everything else is a query over the Parquet files that units leave
behind (docs/fleet.md). What this package needs beside aisbom is the extra `fleet`.
"""
