"""Documents of other tools."""
