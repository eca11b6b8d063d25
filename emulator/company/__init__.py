"""What exists in the made-up company, and what follows from it."""
