"""Shares: addresses under which a phone company fetches a picture; unguessable, signed, and good for a day."""

from itsdangerous import BadData, URLSafeTimedSerializer

from dashboard.core.values import OutboundFile

LIFE = 24 * 3600  # seconds that a share can be fetched: Twilio fetches at once, and again when it has to retry
SALT = "message center share"  # so that nothing else that the key signs is a share


class Shares:
    """Makes and opens the tokens of /share/<token>, signed with the server's key."""

    def __init__(self, key: str, life: int = LIFE) -> None:
        self.life = life
        self._serializer = URLSafeTimedSerializer(key, salt=SALT)

    def token(self, file: OutboundFile) -> str:
        """The token of a picture that goes out."""
        return str(self._serializer.dumps([file.sha256, file.type, file.size]))

    def opened(self, token: str) -> OutboundFile | None:
        """The picture of a token; None for one that we did not sign, or that is too old."""
        try:
            return OutboundFile(*self._serializer.loads(token, max_age=self.life))
        except BadData:
            return None
