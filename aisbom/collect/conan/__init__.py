"""Locks of the Conan package manager."""
