"""What registries say of what the tree and the tables leave open: asked only where `--online` is
given, and the only room with a network.

Everything that comes from there is checked, bounded and kept with the day it was asked; what does
not come, or comes wrong, is a gap.
"""
