"""Run jupyter-book, without what it adds to Sphinx: a slow start and a long traceback.

When a build fails, Sphinx has said what is wrong, in its own words or our extensions'.
"""

import sys

# For a form of address that no setting of the book has, jsonschema would compile 38
# grammars on import: two to three seconds of every build.
sys.modules["rfc3987_syntax"] = None

from jupyter_book.cli.main import main  # noqa: E402

try:
    main()
except RuntimeError as error:
    if error.__cause__ is None:
        raise
    sys.exit(1)
