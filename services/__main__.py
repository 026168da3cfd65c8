"""`python -m services …` is the command line `yungong …`, for where it is not installed."""

from services.cli.main import main

if __name__ == "__main__":
    main()
