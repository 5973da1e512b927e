"""What is kept between runs: rows of files and trees, days of histories, digests of weights, whole
documents.

One store (`store.py`), used by each of them. Whatever is wrong with it means that nothing was kept.
"""
