"""Consent: the words with which people opt out and in, as a whole message, and what the ledger keeps of them."""

STOP, START, HELP = "stop", "start", "help"
# The carriers' words, as Twilio and CTIA list them; each only as the whole message.
WORDS = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"), STOP),
    **dict.fromkeys(("START", "YES", "UNSTOP"), START),
    **dict.fromkeys(("HELP", "INFO"), HELP),
}
TEXT, PROVIDER, REFUSAL, PERSON = "text", "provider", "refusal", "person"  # who said so
