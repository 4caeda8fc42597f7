"""Unattended months: what the calendar asks for minus what is published, made oldest first, with a history."""
