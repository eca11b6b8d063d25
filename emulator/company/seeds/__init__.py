"""Made-up companies to start with."""
