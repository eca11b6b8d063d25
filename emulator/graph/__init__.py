"""The pretend Microsoft Graph: what it answers, to whom, and how it words it."""
