"""Python manifests, locks and installed distributions."""
