"""Pictures: attached from the computer, by paste and drop and out of the gallery; received, looked at, tried again."""
