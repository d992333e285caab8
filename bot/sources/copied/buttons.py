"""The words of buttons and counts around comments, in the languages people read sites in. Lower case, whole lines."""

from __future__ import annotations

EDGE = r"(?=\n|\Z)"
"""The end of a line."""
GAP = r"[^\S\n]"
"""Any space but the end of a line."""
NUMBER = r"[-−]?\d{1,3}(?:[.,\u00a0\u202f ]?\d{1,3}){0,2}(?: ?(?:[km]|tsd\.?|mio\.?|mil|mln))?"
REPLY = (
    r"(?:reply|répondre|antworten|responder|rispondi|beantwoorden|reageren|odpowiedz|ответить|"
    r"返信|답글)"
)
REPLIES = (
    r"(?:(?:view |hide |show |voir |masquer |afficher )?(?:all |les |la )?(?:\d[\d.,]{0,6} )?"
    r"(?:more |weitere |autres? )?(?:repl(?:y|ies)|réponses?|antwort(?:en)?|respuestas?|risposte?|"
    r"respostas?|antwoorden)(?: (?:anzeigen|ausblenden|supplémentaires?|más))?)"
)
MORE = (
    r"(?:(?:read|show) (?:more|less)|lire la suite|(?:afficher|voir) (?:plus|moins)|"
    r"mehr (?:anzeigen|ansehen)|weniger anzeigen|leer más|mostrar (?:más|menos)|"
    r"mostra (?:altro|meno)|ler mais|meer lezen|…more)"
)
SHARE = r"(?:share(?: ?›)?|teilen|partager|compartir|condividi|delen)"
VOTE = (
    r"(?:upvote|downvote|vote|vote (?:positif|négatif)|(?:hoch|runter)voten|"
    r"votar (?:a favor|en contra)|voto (?:positivo|negativo))"
)
