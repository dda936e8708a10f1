"""What this book's notebooks import: its tables, charts, maps and claim ledger.

Read the tables with :mod:`explainer.data`; check all of them with
``python -m explainer check``.
"""
