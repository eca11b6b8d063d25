"""What people write becomes values, once, at the door; every mistake is reported at once, with its place."""
