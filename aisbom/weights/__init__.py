"""A laboratory for weight files: readers per container, knowing nothing of components."""
