"""STAGE 7: everything known, as one bill of materials that no file format shapes."""
