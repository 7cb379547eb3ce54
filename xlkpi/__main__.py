"""``python -m xlkpi`` is the command line, also where no script folder is on the path."""

from .cli import main

main()
