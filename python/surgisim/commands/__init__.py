"""The commands of the command line, one module each; `surgisim.cli` joins them."""
