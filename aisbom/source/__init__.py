"""Where bytes come from: folders, archives, git repositories and Python environments; links out of
a tree are never followed.
"""
