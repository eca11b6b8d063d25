"""Pages for the eye: one file each, that loads nothing from elsewhere."""
