"""Reddit as it is copied, new and old."""

from __future__ import annotations

import re

from bot.sources.copied.buttons import EDGE, NUMBER, REPLIES, REPLY, SHARE, VOTE
from bot.sources.copied.form import Form
from bot.sources.copied.times import AGE, EDITED

_GONE = r"\[(?:deleted|removed|supprimé|gelöscht|eliminado|rimosso)\]"
_NAME = rf"(?P<name>(?:u/)?[\w-]{{2,30}}+|{_GONE})"
_BADGE = r"(?:op|mod|admin|author|auteur|autor|verfasser|top \d{1,2}% [a-z]{3,12})"
_AD = r"(?:promoted|ad|sponsored|sponsorisé|gesponsert|anzeige|patrocinado)"

# u/name avatar, name, OP, •, 3 hr. ago … Upvote, 12, Downvote, Reply, Award, Share
REDDIT = Form(
    name="reddit",
    heads=(
        re.compile(
            r"(?P<sure>(?=level \d|user avatar\n|u/|avatar |benutzeravatar))?"
            r"(?:level (?P<level>\d{1,2})\n)?(?:user avatar\n|benutzeravatar\n)?"
            r"(?:u/[\w-]{2,30} avatar\n|avatar (?:de |von |di )?(?:u/)?[\w-]{2,30}\n)?"
            rf"(?<!posted by\n){_NAME}(?:\n(?P=name)(?=\n| ))?(?:[\n ](?:[•·] )?{_BADGE}(?=\n| )){{0,3}}"
            # without the name's sign, the bullet must stand before the time
            rf"(?:[\n ]?[•·][\n ]?(?:{_BADGE}[\n ]?[•·]?[\n ]?)?|(?(sure)[\n ]|(?!)))"
            rf"(?:(?P<when>{AGE})|(?P<nobody>{_AD}))"
            rf"(?:[\n ]?(?:[•·][\n ]?)?{EDITED}(?: {AGE})?)?{EDGE}"
        ),
    ),
    lead=re.compile(
        rf"[•·]|{_BADGE}|{EDITED}(?: {AGE})?|comment image|profile badge for .{{1,80}}"
    ),
    tail=re.compile(
        rf"{NUMBER}|{VOTE}(?: {NUMBER})?|[•·]|comment image|{REPLIES}|\[?\+\]?|level \d{{1,2}}|"
        r"continue this thread|setze diesen thread fort|continuer (?:dans )?ce fil|"
        r"continuar (?:con )?este hilo"
    ),
    end=re.compile(
        rf"{VOTE}(?: {NUMBER})?(?: {VOTE})?(?: {REPLY})?(?: award)?(?: share)?|{REPLY}|{SHARE}|"
        r"award|\d+ awards?|auszeichn(?:en|ung)|récompenser|report|save|follow|"
        r"reply ?(?:give award ?)?share ?(?:report ?save ?follow)?"
    ),
    buttons=re.compile(rf"{VOTE}.{{0,60}}|{REPLY}.{{0,40}}"),
    foot=re.compile(
        r"more posts you may like|related (?:posts|answers section)|view post in|top posts|"
        r"you['’]ve reached the end.{0,40}|community info section|people also.{0,60}|"
        r"new to reddit\?|rereddit: .{0,100}"
    ),
    gone=re.compile(
        rf"{_GONE}|comment (?:deleted|removed) by .{{1,30}}|\[ ?removed by .{{1,20}}\]"
    ),
    score=re.compile(rf"(?:^|\n|{VOTE}[\n ])(?P<score>{NUMBER})(?=\n|\Z| )"),
    hidden=re.compile(
        r"(?P<n>\d{1,4}) (?:more repl(?:y|ies)|weitere antwort(?:en)?|autres? réponses?|"
        r"réponses? supplémentaires?|respuestas? más)"
    ),
    post=re.compile(
        rf"^(?:posted by\n?.{{0,40}}\n?{AGE}\n|r/\w{{2,30}}[\n ][•·][\n ]{AGE}\n(?:[\w-]{{2,30}}\n)?)"
        r"(?P<title>.{3,300})$",
        re.MULTILINE,
    ),
)

# [–]name 12 points 3 hours ago … permalink embed save parent report reply
OLD_REDDIT = Form(
    name="old reddit",
    heads=(
        re.compile(
            rf"(?P<sure>)\[[-–—−+]\] ?{_NAME}(?:\[[a-z]{{1,3}}\])?(?:[ \n][^\n\d−-]{{0,60}}+)?"
            # three scores stand side by side, for those who voted either way; the middle one is shown
            rf"(?:(?:[-−]?\d{{1,6}} points?(?=[-−]?\d))?(?P<score>{NUMBER}) points?"
            rf"(?:[-−]?\d{{1,6}} points?)?|(?<=score hidden\])) (?P<when>{AGE})\*?"
            rf"(?: \({EDITED}.{{0,40}}\))?(?: \(\d+ child(?:ren)?\))?{EDGE}"
        ),
    ),
    tail=re.compile(
        r"load more comments.{0,30}|continue this thread.{0,10}|\[[-–—+]\]|[-−]?\d+ points?"
    ),
    end=re.compile(
        r"permalink(?: ?(?:embed|save|source|parent|report|context|full comments|reply|edit|delete|"
        r"hide child comments|give (?:award|gold)|disable inbox replies|unsave|crosspost|remove|"
        r"spam|approve))*+"
    ),
    buttons=re.compile(r"permalink.{0,160}"),
    foot=re.compile(
        r"about ?blog.{0,100}|use of this site constitutes acceptance.{0,200}|© \d{4} reddit.{0,80}"
    ),
    gone=REDDIT.gone,
    hidden=re.compile(r"load more comments ?\((?P<n>\d{1,4}) repl"),
    post=re.compile(
        rf"^(?P<title>.{{3,300}}?)(?: ?\([\w.]{{3,60}}\))?\nsubmitted {AGE} by .{{2,60}}$",
        re.MULTILINE,
    ),
)
