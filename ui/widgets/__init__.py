"""Widgets that know no slice: tables, forms, charts, previews. Pages give them data and words."""
