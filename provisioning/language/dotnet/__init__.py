"""What Entra's languages borrow from .NET: its regular expressions and its dates, in Python's terms."""
