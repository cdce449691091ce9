"""The product in a real browser, as people use it: a server process, a chromium, one window for each person."""
