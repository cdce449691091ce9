"""Every sentence that changes the inbox; each appends to the change log in the same transaction."""
