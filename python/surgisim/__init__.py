"""surgisim: an open surgical simulator. Importing it loads neither graphics nor XR."""
