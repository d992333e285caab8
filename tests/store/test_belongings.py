"""Nothing is kept that nobody knows whose it is: a new table must say it, or it would outlive what it belongs to."""

from __future__ import annotations

import pytest

from bot.store import belongings
from bot.store.tables import Moment, metadata

# charges and pins lose whose they were and stay, turns say nothing of anybody; the others go with what they are of, see
# store.removal
HELD_OTHERWISE = {
    "charges.at",
    "charges.guild",
    "charges.person",
    "digests.made_at",
    "orders.target",
    "pages.kept_at",
    "pages_of.target",
    "pins.edited_at",
    "pins.leased_until",
    "pins.next_at",
    "pins.person",
    "readings.fresh_until",
    "readings.read_at",
    "readings.target",
    "replies.kept_at",
    "turns.until",
}


@pytest.mark.parametrize(
    ("names", "known"),
    [
        ({"digest"}, (*belongings.IN_USE, *belongings.OF_DIGEST)),
        ({"target"}, belongings.OF_TARGET),
        ({"guild", "server"}, belongings.OF_GUILD),
        ({"person", "asker", "user"}, belongings.OF_PERSON),
    ],
)
def test_every_row_goes_with_whatever_it_belongs_to(
    names: set[str], known: belongings.Columns
) -> None:
    """
    A column that names a digest, a target, a server or a person is one that deleting goes by.
    """
    columns = [c for table in metadata.sorted_tables for c in table.columns if c.name in names]

    assert [] == [str(c) for c in columns if c not in set(known) and str(c) not in HELD_OTHERWISE]


def test_every_table_with_a_time_grows_old() -> None:
    """
    Rows with a time go by their age, unless they go with others.
    """
    aged = {column.table.name for column in belongings.AGED}
    times = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Moment) and table.name not in aged
    ]

    assert [] == [str(column) for column in times if str(column) not in HELD_OTHERWISE]
