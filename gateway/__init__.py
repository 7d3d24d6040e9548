"""The one public HTTP face and the only caller of the services."""
