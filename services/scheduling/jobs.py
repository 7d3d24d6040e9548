"""Scheduling has no work that time starts; parked events are retried for every service alike."""

from shared.jobs import Job

JOBS: list[Job] = []
