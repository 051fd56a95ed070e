"""``python -m vetopoint``: the command line."""

from vetopoint.cli import main

if __name__ == "__main__":
    main()
