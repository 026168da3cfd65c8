"""Completions of what is being typed: only those with hits together with what was typed before, the most fitting first."""

import asyncio
import re
from typing import Final

from services.kernel.http.auth import Scope
from services.kernel.index import All, Bands, Query, SearchRequest
from services.matcher import reach
from services.matcher.indexer.documents import Collection
from services.matcher.resources import Matching
from services.matcher.search import compiling, phrasebook
from services.matcher.search.phrasebook import Phrase
from services.matcher.search.schemas import Suggestion, Suggestions
from services.matcher.search.understanding import understand

_TRIED: Final = 40
_LAST: Final = re.compile(r"^(.*?)([^\s,，、;；。]*)$", re.DOTALL)


async def suggest(matching: Matching, scope: Scope, typed: str, over: Collection, most: int) -> Suggestions:
    """The completions. Raises IndexUnavailable."""
    split = _LAST.match(typed)
    before, last = (split.group(1), split.group(2)) if split else ("", typed)
    phrases, queries = await asyncio.to_thread(_tried, matching, scope, before, last, over)
    if not phrases:
        return Suggestions(items=[])
    request = SearchRequest(compiling.shown(over, matching.clock.today()), size=0, facets={"hits": Bands(queries)})
    counts = (await matching.search(over.value, request)).facets["hits"]
    items = [
        Suggestion(text=phrase.text, completed=f"{before}{phrase.text}", kind=phrase.kind, hits=counts[phrase.text])
        for phrase in phrases
        if counts[phrase.text]
    ]
    return Suggestions(items=items[:most])


def _tried(matching: Matching, scope: Scope, before: str, last: str, over: Collection) -> tuple[list[Phrase], dict[str, Query]]:
    """What could be meant, each as the strict condition that the whole text would be."""
    reachable = All(reach.registered(scope) if over is Collection.WORKERS else reach.postings(scope))
    phrases = phrasebook.find(last, over, _TRIED)
    return phrases, {phrase.text: _condition(matching, f"{before} {phrase.text}", over, reachable) for phrase in phrases}


def _condition(matching: Matching, text: str, over: Collection, reachable: Query) -> Query:
    understood = understand(text, over, matching.clock.today(), matching.segmenter)
    return compiling.compiled(understood, reachable, next(iter(compiling.levels(understood)))).filter
