"""Texts that look a little like threads and are none: not one comment may be found in them."""

from __future__ import annotations

import pytest

from bot.errors import UnreadableError
from bot.sources.copied.segmentation import segment
from bot.sources.pasted import read_text

PROSE = (
    "The harbour froze on Monday night, for the first time since the war, and by noon on Tuesday the ferry "
    "company had sent its crews home and put a hand-written note on the door of the ticket office."
)

TEXTS = {
    "byline and related articles": f"""The harbour is frozen

By Orla Quinn
12 June 2024, 07:15

{PROSE}

“We have never seen it like this”, said the captain.

Orla Quinn
12 June 2024

More stories

Ann Lee
11 June 2024
A bridge that nobody wanted
Bob Ray
10 June 2024
The last lighthouse keeper
Cy Dow
9 June 2024
What the eels know
""",
    "an interview": f"""« On ne part pas pour toujours »

Propos recueillis par Solène Kervadec
Publié le 3 juin 2025 à 18h05

{PROSE}

Q : Vous partez demain ?
R : Oui, avec le premier bateau.

Q : Et vos chèvres ?
R : Elles restent. Elles n’aiment pas la mer.

— Vous reviendrez ?
— Au printemps, si le port est libre.
""",
    "speakers": f"""Die Sitzung im Hafen

{PROSE}

Frau Brandt: Wann fährt das nächste Schiff?

Herr Thiele: Das weiß niemand.

Frau Brandt: Und die Ärztin?

Herr Thiele: Sie bleibt auf der Insel, bis das Eis bricht.
""",
    "what people said": f"""Lo que dijo el puerto

{PROSE}

Ana Ruiz dice:

«No había visto nunca nada igual en cuarenta años.»

Luis Gil dijo:

«Y no volveremos a verlo.»
""",
    "a programme": f"""Une semaine au port

{PROSE}

Concert — 12/11/2025 20:00
Salle des fêtes, entrée libre.
Pause — 13/11/2025 10:00
Café offert par la mairie.
Lecture — 13/11/2025 14:00
Avec les élèves du collège.
""",
    "hours": f"""A day on the ice

{PROSE}

Opening — 9:00
The mayor cuts the ribbon.
Break — 10:30
Tea and soup.
Skating — 11:00
Bring your own blades.
Break — 12:30
Soup and tea.
""",
    "a changelog": """v1.2.0
Nov 2023
The boat can be found on the map.

v1.1.0
Oct 2023
Tides are shown in metres.

v1.0.1
Sep 2023
No more crashes at low tide.
""",
    "a news ticker": f"""What others write

{PROSE}

Reuters • 3h ago
Harbour closed until further notice
BBC • 4h ago
Islanders walk to the mainland
Le Monde • 1 day ago
Le port pris par les glaces
""",
    "tweets in an article": f"""The harbour in pictures

{PROSE}

It is so quiet that one hears the ice.
— Jane Doe (@jane) June 12, 2024

My dog does not believe it.
— Sam Roe (@samroe) June 13, 2024

The company did not answer our questions.
""",
    "a log in an article": f"""How the lights went out

{PROSE}

[10:14] alice: the pump is down
[10:15] bob: which one
[10:16] alice: all of them

{PROSE}

Nobody had read the manual, which was in a drawer in another building, and in another language.

The inquiry found no fault with the crew.

It found none with the company either.

The pump has been replaced by two smaller ones.

They run at night.

They are loud.

People have complained.

Nobody has answered.
""",
    "comments announced above an article": f"""5 Comments

Background

{PROSE}

Methods

{PROSE}

What we found

{PROSE}

And now

{PROSE}
""",
    "comments announced and not there": f"""The harbour is frozen

{PROSE}

3 Comments

Newsletter

The best of our stories in your inbox, every Friday.

Topics

Harbour, ice, ferry

Follow us

On the networks of your choice.
""",
    "a quoted mail": f"""Re: the harbour

{PROSE}

On Mon, Mar 3, 2024 at 10:12 AM Ann Lee <ann@harbour.example> wrote:

> Is it open?

On Sun, Mar 2, 2024 at 9:01 PM Bob Ray <bob@harbour.example> wrote:

> I do not know.
""",
    "a list": f"""Fünf Wege über das Eis

{PROSE}

1. Zu Fuß

Langsam, und immer zu zweit.

2. Mit dem Schlitten

Nur vormittags.

3. Gar nicht

Das raten die meisten.
""",
    "another script": """港が凍った

2024年6月12日 山田 花子

月曜日の夜、港は戦後初めて凍りつき、火曜日の正午までにフェリー会社は乗組員を帰宅させ、切符売り場の扉に手書きの紙を貼った。

「四十年でこんなことは見たことがない」と船長は言った。

再開は未定だという。
""",
    "results": f"""Round three

{PROSE}

Rovers 3 - 1 United
12 June 2024
Harbour 0 - 0 Town
12 June 2024
City 2 - 2 Athletic
13 June 2024
""",
    "stages of a life": f"""Her life

{PROSE}

Teacher
Jan 1999
She taught physics for ten years.
Mayor
May 2009
Two terms, and one recall.
Captain
Mar 2019
The sea at last.
""",
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_comments_are_made_of_it(name: str) -> None:
    """
    Bylines, dialogue, lists, programmes and logs stay what they are.
    """
    text = TEXTS[name]

    assert () == segment(text).said
    try:
        reading = read_text(text, None)
    except UnreadableError:
        return
    assert () == reading.discussions[0].comments


def test_an_article_is_kept_where_comments_are_announced_and_not_there() -> None:
    """
    The article is whole, and it is said how many comments are missing.
    """
    reading = read_text(TEXTS["comments announced and not there"], None)

    assert reading.article is not None
    assert PROSE == reading.article.text
    assert 3 == reading.discussions[0].declared
