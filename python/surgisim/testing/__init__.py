"""Tools to test with: `surgisim.testing.xr` is a headset made of numbers."""
