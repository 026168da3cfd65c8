"""What is held about one person, told to that person (PIPL 45): this service's part; every service has its own."""
