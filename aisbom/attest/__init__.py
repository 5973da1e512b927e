"""Signed statements about a submission: in-toto statements in DSSE envelopes, and what holds of
them later.

Signing and checking is securesystemslib's work (the extra `attest`); this room says what is signed.
"""
