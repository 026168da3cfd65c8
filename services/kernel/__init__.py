"""What all services stand on. The kernel knows contracts and no service."""
