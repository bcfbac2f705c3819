"""Secrets and addresses, from the environment."""

from datetime import datetime
from pathlib import Path

from pydantic import Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.clock import Clock, SimulatedClock, SystemClock


class Settings(BaseSettings):
    """What `tallyman run` reads from the environment, or from a file named `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: HttpUrl = HttpUrl("https://slack.com/api/")
    database_url: str = "sqlite:///tallyman.sqlite"
    tallyman_book: Path = Path("tallyman.yaml")
    tallyman_host: str = "127.0.0.1"
    tallyman_port: int = Field(default=3000, description="of HTTP mode and the health page")
    tallyman_log_level: str = "INFO"

    tallyman_clock_start: datetime | None = None
    tallyman_clock_since: datetime | None = None
    tallyman_clock_speed: float = 1.0

    def clock(self) -> Clock:
        """The system's clock, unless a simulated one is asked for, as the demo does."""
        if self.tallyman_clock_start is None or self.tallyman_clock_since is None:
            return SystemClock()
        return SimulatedClock(
            self.tallyman_clock_start, self.tallyman_clock_since, self.tallyman_clock_speed
        )
