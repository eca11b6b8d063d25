"""The app at the other end, asked itself over SCIM, where somebody gives us its token."""
