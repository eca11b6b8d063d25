"""The pretend login service: who signs in, with what, and the token that they get."""
