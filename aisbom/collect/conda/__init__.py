"""Conda and pixi environments and locks."""
