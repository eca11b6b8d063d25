"""The operator's command, ``elium``: one verb a file. Asking and showing only; what is decided lies in operations."""
