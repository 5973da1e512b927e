"""Texts, YAML and JSON with the line of every value; used by collectors, and no collectors
themselves.
"""
