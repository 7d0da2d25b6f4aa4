"""How the schema of a store came to be what it is, a file for each change."""
