"""Secrets and addresses, from the environment."""

from pathlib import Path

from pydantic import AwareDatetime, Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.clock import Clock, SimulatedClock, SystemClock


class Settings(BaseSettings):
    """What `tallyman run` reads from the environment, or from a file named `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: HttpUrl = HttpUrl("https://slack.com/api/")
    database_url: str = "sqlite:///tallyman.sqlite"
    tallyman_book: Path = Path("tallyman.yaml")
    tallyman_host: str = "127.0.0.1"
    tallyman_port: int = Field(default=3000, description="of HTTP mode and the health page")
    tallyman_log_level: str = "INFO"

    tallyman_clock_start: AwareDatetime | None = None
    tallyman_clock_since: AwareDatetime | None = None
    tallyman_clock_speed: float = 1.0
    tallyman_clock_until: AwareDatetime | None = None

    def clock(self) -> Clock:
        """The system's clock, unless a simulated one is asked for, as the demo does."""
        if self.tallyman_clock_start is None or self.tallyman_clock_since is None:
            return SystemClock()
        return SimulatedClock(
            self.tallyman_clock_start,
            self.tallyman_clock_since,
            self.tallyman_clock_speed,
            self.tallyman_clock_until,
        )
