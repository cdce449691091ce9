"""The HTTP doors beside the pages: webhooks, health, login; and the guard in front of all of them."""
