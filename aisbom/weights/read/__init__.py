"""Readers of weight files, one format a file, behind one interface; nothing is unpickled or run."""
