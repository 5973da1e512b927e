"""Models, data sets and services that code, notebooks, settings and scripts name."""
