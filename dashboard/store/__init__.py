"""The database and the media files: opening, migrating, reading; every write goes through an action."""
