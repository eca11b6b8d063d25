"""What people run: one verb a file, each a thin layer over operations."""
