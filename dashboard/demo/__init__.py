"""The sample town: its words from data/, its season as history, its people as a simulator."""
