"""Time and fan-out: the feed, the screens, the outbox and the one ticker. No Panel here."""
