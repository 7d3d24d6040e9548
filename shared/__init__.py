"""What all services stand on; knows no service."""
