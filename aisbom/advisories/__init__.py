"""Known vulnerabilities of packages: records in the format of OSV, from a folder, a zip or a
service, and which versions they are about. Knows no components.
"""
