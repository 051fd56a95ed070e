"""The report: one self-contained page, readable offline and printable, made from the answers alone.

What sources say is untrusted text: Jinja escapes everything, the content security policy allows only the page's own script
and style (by hash), and no request leaves the file.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Container, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from vetopoint.answers import Answers, ChainLink, ClaimAnswer, InputAnswer, SourceAnswer
from vetopoint.view.charts import pictures
from vetopoint.view.first_page import first_screen
from vetopoint.view.names import Names, names_of
from vetopoint.view.numbers import capital, number, number_band, unbroken
from vetopoint.view.pages import Page, pages
from vetopoint.view.sentences import FIXED_LINE, cautions, not_computed, passages
from vetopoint.view.sentences.evidence import condition_phrase
from vetopoint.view.tables import Column, Figure, Link, Rows, Table

if TYPE_CHECKING:
    from jinja2 import Environment

_BADGES = {"read": "read", "judged": "judged", "judged, prompted by text": "prompted"}
_HOW = {
    "hedge": "the hedge of the sentence, by published surveys of what readers take it to mean",
    "share": "the share that the text states",
    "figure": "the figure that the text states",
    "analyst": "the analyst's judgement",
}


def render_report(answers: Answers) -> str:
    """Render the report of one run.

    Returns
    -------
    One HTML document without references to anything outside itself, under 1 MB for cases of ordinary size.
    """
    names = names_of(answers)
    drawn = pictures(answers, names)
    style = "\n".join(map(_asset, ("report.css", "first_page.css")))
    script = "\n".join(map(_asset, ("charts.js", "first_page.js")))
    template = _environment().get_template("report.html.j2")
    return template.render(
        answers=answers,
        run=answers.run,
        names=names,
        as_of=f"{answers.run.as_of:%-d %B %Y}",
        fixed_line=FIXED_LINE,
        first=first_screen(answers),
        pages=_pages(answers, names, _targets(answers, drawn)),
        passages=passages(answers, names),
        cautions=cautions(answers, names),
        not_computed=not_computed(answers, names),
        figures=drawn,
        figure_ids={figure.id: figure.title for made in drawn.values() for figure in made},
        contents=_contents(answers),
        claims=_claims(answers, names),
        badges=_BADGES,
        how=_HOW,
        amount=_amount,
        claims_table=_claims_table(answers),
        inputs_table=_inputs_table(answers),
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def self_contained(name: str, **known: Any) -> str:
    """Render another page by a template of its own, in the report's style; it brings no script."""
    style = "\n".join(map(_asset, ("report.css", "first_page.css")))
    return _environment().get_template(name).render(style=Markup(style), style_hash=_hash(style), **known)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("vetopoint.view", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["unbroken"] = unbroken
    made.filters["capital"] = capital
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":"), "allow_nan": False}
    return made


@cache
def _asset(name: str) -> str:
    return files("vetopoint.view").joinpath("assets", name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> Markup:
    return Markup(f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}")


def _pages(answers: Answers, names: Names, ids: Container[str]) -> tuple[Page, ...]:
    """The pages, without links to what this report does not hold."""
    return tuple(replace(p, more=tuple(link for link in p.more if link.to in ids)) for p in pages(answers, names))


def _targets(answers: Answers, drawn: dict[str, tuple[Figure, ...]]) -> set[str]:
    """Where links of the pages may lead in the appendix."""
    figures = {f"fig-{figure.id}" for made in drawn.values() for figure in made}
    return figures | {id for id, _ in _contents(answers)} | {"claims", "inputs"}


def _contents(answers: Answers) -> list[tuple[str, str]]:
    parts = [
        ("answers", "All answers in sentences"),
        ("caution", "Before you use these numbers"),
        ("game", "Who can stop it"),
    ]
    if answers.coalition is not None:
        parts.append(("coalition", "The coalition"))
    if answers.truce is not None:
        parts.append(("truce", "The truce"))
    return [*parts, ("change", "What would change the answer"), ("evidence", "The evidence"), ("methods", "Methods")]


def _claims(answers: Answers, names: Names) -> dict[str, dict[str, Any]]:
    sources = {s.id: s for s in answers.evidence.sources}
    known = {i.name for i in answers.evidence.inputs}
    stated = answers.evidence.claims
    return {c.id: _claim(c, sources.get(c.source), known, names, stated) for c in stated}


def _claim(
    c: ClaimAnswer, source: SourceAnswer | None, inputs: set[str], names: Names, stated: Sequence[ClaimAnswer] = ()
) -> dict[str, Any]:
    """A claim, and in words what stands in it by name."""
    denied = ", denied" if c.polarity < 0 else ""
    about = f" about {names.within(c.about)}" if c.about else ""
    summary = source is not None and source.kind == "summary"
    return dict(
        claim=c,
        quote=_shortened(c.words, summary),
        summary=summary,
        condition=condition_phrase(c, stated),
        says=_link(c.chain[-1]) if c.chain else "unknown",
        chain=" → ".join(_link(link) for link in c.chain) or "unknown",
        source=_source(source) if source is not None else c.source,
        source_url=_web(source.url) if source is not None else "",
        kind=f"{c.kind}{denied}{about}",
        supports=tuple(Link(names.quantity(n), f"input-{n}") for n in c.supports if n in inputs),
    )


def _shortened(words: tuple[str, ...], summary: bool = False, most: int = 180) -> str:
    """The words that carry a claim, in quotation marks unless they are a summary's; a piece too long for a heading loses its end."""
    pieces = [" ".join(piece.split()) for piece in words]
    each = max(most // len(pieces), 24)
    cut = [p if len(p) <= each else f"{p[:each].rsplit(' ', 1)[0]} …" for p in pieces]
    return " … ".join(cut if summary else (f"“{piece}”" for piece in cut))


def _link(link: ChainLink) -> str:
    kinds = {"role": "known by role only", "unnamed": "unnamed", "collective": "collective", "unknown": "unknown"}
    extra = ", ".join(x for x in (link.role, kinds.get(link.kind), link.reason) if x)
    return f"{link.name or 'unknown'}{f' ({extra})' if extra and link.name else ''}"


def _source(s: SourceAnswer) -> str:
    date = f"{s.date.day} {s.date.strftime('%B %Y')}" if s.date is not None else ""
    return ", ".join(x for x in (s.title or s.file or s.id, s.outlet, date) if x)


def _web(url: str) -> str:
    """Return an address only if it leads to the web; a source must not bring a script."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _amount(i: InputAnswer) -> str:
    if i.lo == i.hi:
        return f"{number(i.mean)}{f' {i.unit}' if i.unit else ''}"
    return number_band(i, i.unit)


def _claims_table(answers: Answers) -> Table:
    summaries = {s.id for s in answers.evidence.sources if s.kind == "summary"}
    return Rows(answers.evidence.claims).under(
        Column("id", lambda c: c.id),
        Column("source", lambda c: c.source),
        Column("who says so", lambda c: " → ".join(_link(x) for x in c.chain)),
        Column("kind", lambda c: c.kind),
        Column("polarity", lambda c: "denied" if c.polarity < 0 else "affirmed"),
        Column("hedge", lambda c: c.hedge),
        Column("condition", lambda c: condition_phrase(c, answers.evidence.claims)),
        Column("words", lambda c: " … ".join(c.words)),
        Column("whose words", lambda c: "a summary by the case's authors" if c.source in summaries else "the source's"),
        Column("place", lambda c: c.place),
        Column("sentence", lambda c: c.sentence),
        Column("coder", lambda c: c.coder),
        Column("status", lambda c: c.status),
    )


def _inputs_table(answers: Answers) -> Table:
    return Rows(answers.evidence.inputs).under(
        Column("name", lambda i: i.name),
        Column("label", lambda i: i.label),
        Column("as written", lambda i: i.text),
        Column("mean", lambda i: i.mean),
        Column("5th", lambda i: i.lo),
        Column("95th", lambda i: i.hi),
        Column("unit", lambda i: i.unit),
        Column("origin", lambda i: i.origin),
        Column("claims", lambda i: " ".join(i.claims)),
        Column("line", lambda i: i.line),
        Column("used in", lambda i: " ".join(i.used_in)),
    )
