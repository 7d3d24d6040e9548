"""Synthea's FHIR R4 bundles: read into a plan (pure), then sent."""
