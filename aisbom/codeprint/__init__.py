"""A laboratory for source code: what a file is made of, which known files hold the same, which release a tree is. Knows no components."""
