"""Real metadata with answers given by hand: how often the program is right, on rows it was not
tuned on.
"""
