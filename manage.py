#!/usr/bin/env python
"""Django's command line, bound to this project's settings."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicecenter.settings")
    from servicecenter.commandline import run

    sys.exit(run(sys.argv))


if __name__ == "__main__":
    main()
