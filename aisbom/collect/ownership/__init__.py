"""Whose a file is: notices, credits, REUSE, copied code."""
