"""GET /healthz: whether the database answers."""

from dashboard.doors.door import Door


class HealthDoor(Door):
    """200 ``ok``, or 503 with the reason."""

    async def get(self) -> None:
        await self.do(self.check)

    def trouble(self, error: Exception) -> str:
        return str(error)

    def check(self) -> str:
        self.live.store.revision()
        return "ok"
