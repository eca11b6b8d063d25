"""A pretend Microsoft Entra ID and a pretend Elium, served on loopback, that tell the truth about their interfaces."""
