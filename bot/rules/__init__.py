"""Pure: journey, thresholds, calendar and now in; findings, and when to look again, out."""
