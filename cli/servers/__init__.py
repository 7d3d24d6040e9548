"""PostgreSQL and RabbitMQ of our own, from installed binaries."""
