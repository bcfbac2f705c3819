"""Where a case is told: by the routes of the book, and never in another partner's channel."""

from bot.routing.routed_case import RoutedCase, routed_case
from bot.routing.routing import Router

__all__ = ["RoutedCase", "Router", "routed_case"]
