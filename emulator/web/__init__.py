"""The emulator on a network: addresses, TLS, the control interface. What is answered is decided elsewhere."""
