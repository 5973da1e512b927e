"""A laboratory for code: which known project a tree or a file of source code was taken from. Knows
no components and no countries.
"""
