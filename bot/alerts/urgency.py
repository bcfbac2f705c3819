"""In which order what waits for Slack is said: the lower goes first."""

PERSON_WAITS, CRITICAL, ROUTINE, AFTERWARDS = 0, 1, 2, 3
