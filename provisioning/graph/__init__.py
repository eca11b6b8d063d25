"""The one door to Microsoft Graph. Above it there is no URL, no JSON and no status code."""
