"""The nouns and the rules of the inbox: no I/O, no clock, no Panel."""
