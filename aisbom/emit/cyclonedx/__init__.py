"""CycloneDX: the document, its schema, and the way back."""
