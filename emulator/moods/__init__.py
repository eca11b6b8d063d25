"""What makes the pretend Entra misbehave when it is told to, or decides where documents leave something open."""
