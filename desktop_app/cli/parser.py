"""All the words of the command line."""

import argparse

from desktop_app.cli.speaking import Parser
from desktop_app.cli.words.accounts import add_accounts
from desktop_app.cli.words.appeals import add_appeals
from desktop_app.cli.words.care import add_care
from desktop_app.cli.words.exchange import add_exchange, add_units
from desktop_app.cli.words.matters import add_matters, add_meetings
from desktop_app.cli.words.orders import add_duty, add_orders, add_reporting, add_wishes
from desktop_app.cli.words.papers import add_attachments, add_papers
from desktop_app.cli.words.partners import add_partners
from desktop_app.cli.words.points import add_points
from desktop_app.cli.words.practice import add_practice
from desktop_app.cli.words.privacy import add_privacy, add_requests, add_sealed
from desktop_app.cli.words.reading import add_reading
from desktop_app.cli.words.safety import add_safety
from desktop_app.cli.words.store import add_backups, add_store
from desktop_app.cli.words.visits import add_campaigns, add_visits
from desktop_app.cli.words.writing import add_duplicates, add_import, add_writing

WORDS = (
    add_store,
    add_backups,
    add_accounts,
    add_reading,
    add_writing,
    add_duplicates,
    add_import,
    add_papers,
    add_attachments,
    add_visits,
    add_campaigns,
    add_care,
    add_appeals,
    add_orders,
    add_wishes,
    add_reporting,
    add_duty,
    add_points,
    add_meetings,
    add_matters,
    add_partners,
    add_exchange,
    add_units,
    add_practice,
    add_safety,
    add_privacy,
    add_requests,
    add_sealed,
)
"""In the order of `linli --help`."""


def build() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = Parser(prog="linli", description="邻里工作站命令行：离线可用，不需要图形界面。")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")
    for add in WORDS:
        add(commands)
    return parser
