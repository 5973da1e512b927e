"""Git repositories and submodules."""
