"""What an operator wants done, one verb a file; used by the plugin and by the commands alike."""
