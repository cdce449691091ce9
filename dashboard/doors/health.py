"""GET /healthz: whether the database answers."""

from dashboard.core.errors import StoreError
from dashboard.doors.door import Door


class HealthDoor(Door):
    """200 ``ok``, or 503 with the reason, as far as it is anybody's: the log has it whole."""

    async def get(self) -> None:
        await self.do(self.check)

    def trouble(self, error: Exception) -> str:
        return (error if isinstance(error, StoreError) else StoreError("")).outside

    def check(self) -> str:
        self.live.store.revision()
        return "ok"
