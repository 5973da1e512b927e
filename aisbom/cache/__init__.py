"""What is kept between runs: rows of files, digests of weights, whole documents.

One store (`store.py`) with three users. Whatever is wrong with it means that nothing was kept.
"""
