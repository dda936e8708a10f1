"""Sphinx extension: the book as a light static site that needs nothing from outside.

A small theme of its own (``book/_theme``) takes the place of the stock one, whose
pages weigh 0.9 to 2.5 MB: one stylesheet, one script, no webfont. Addresses drop
the folder ``book/``, so that the introduction is ``/``. Figures arrive from the
notebooks as self-contained HTML; their downloads and map documents become files.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.osutil import relative_uri

from explainer import style
from html_tree import above, classes, element, part

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "_static"
HOME = "book/intro"

STYLESHEETS = (
    "text",
    "frame",
    "evidence",
    "figures",
    "code",
    "lists",
    "tables",
    "share",
    "margin",
    "finding",
    "print",
    "teach",
)
"""Parts of the one stylesheet, in the order in which later rules override earlier ones."""

EMBED_STYLESHEETS = ("text", "evidence", "figures", "embed")
"""Parts of the stylesheet of figures that stand on other sites."""

SCRIPTS = ("theme", "menu", "maps", "cards", "share", "copy", "parts", "finding")
"""Parts of the one script; the first says what all of them share."""

START_SCRIPT = (
    "var r=document.documentElement;"
    "try{var t=localStorage.getItem('theme');if(t)r.dataset.theme=t}catch(e){}"
    "if(!location.hash)r.classList.add('from-top')"
)
"""Runs before the first paint: a chosen theme does not flash, and long lists know whether the
reader comes to the top, and their items can wait to be laid out, or to a section among them."""

MENU_SCRIPT = (
    "document.querySelector('.contents details').open=matchMedia('(min-width:64rem)').matches"
)
"""Runs right after the menu, so that closing it on a phone moves nothing."""

OUTLINE_SCRIPT = (
    "document.querySelector('.outline details').open=matchMedia('(min-width:80rem)').matches"
)
"""Runs right after the outline, so that opening it on a wide screen moves nothing."""

PAGE_END_SCRIPT = (
    "document.querySelectorAll('.page-end details').forEach(function(d){d.open=false})"
)
"""Runs right after the text: the notes at its end are long, and open where scripts are off."""

NO_SCRIPT_STYLE = ".theme,.filter,.map-open,.share button,[data-copy]{display:none!important}"
"""Where scripts are off, the controls that need one are not shown."""


def hash_source(content: str) -> str:
    """A Content-Security-Policy source that allows exactly this inline script or style."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(*scripts: str, styles: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of a page with these inline scripts and style sheets.

    Style attributes stay allowed: every drawing and the widths in tables are made with them,
    and they can load nothing. Browsers that do not tell them from style sheets (Safari before
    15.4) follow the last but wider rule, ``style-src``.
    """
    allowed_scripts = " ".join(["'self'", *map(hash_source, scripts)])
    allowed_styles = " ".join(["'self'", *map(hash_source, styles)])
    return (
        f"default-src 'none'; script-src {allowed_scripts}; style-src-elem {allowed_styles}; "
        "style-src-attr 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


class BookBuilder(StandaloneHTMLBuilder):
    """Sphinx's HTML builder with short addresses and without its own scripts."""

    search = False

    def init(self) -> None:
        super().init()
        self.search = False

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return super().get_target_uri(short(docname), typ)

    def get_outfilename(self, pagename: str) -> str:
        return super().get_outfilename(short(pagename))

    def copy_static_files(self) -> None:
        """Only what our pages ask for; extensions' own assets are not used."""
        target = Path(self.outdir, "_static")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name, content in assets().items():
            (target / name).write_bytes(content)

    def copy_download_files(self) -> None:
        pass

    def create_pygments_style_file(self) -> None:
        pass

    def write_buildinfo(self) -> None:
        """Nothing: no page of an earlier site is taken over (``whole_site``)."""


def short(docname: str) -> str:
    """The address of a page without ``book/``; the introduction is ``index``."""
    return "index" if docname == HOME else docname.removeprefix("book/")


@cache
def assets() -> dict[str, bytes]:
    """The files of ``_static`` by name: one stylesheet, one script, and what lies beside them."""
    found = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file()}
    sheets = [(STATIC / "css" / f"{name}.css").read_text("utf-8") for name in STYLESHEETS]
    scripts = [(STATIC / "js" / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    found["site.css"] = "".join([style.css_variables(), *sheets]).encode()
    found["site.js"] = "".join(scripts).encode()
    embedded = [(STATIC / "css" / f"{name}.css").read_text("utf-8") for name in EMBED_STYLESHEETS]
    found["embed.css"] = "".join([style.css_variables(), *embedded]).encode()
    return {name: slim(name, content) for name, content in found.items()}


_COMMENTS = {".css": re.compile(rb"/\*.*?\*/\n?", re.DOTALL), ".js": re.compile(rb"(?m)^ *//.*\n")}
_INDENTS = re.compile(rb"(?m)^ +")


def slim(name: str, content: bytes) -> bytes:
    """A stylesheet or script without its comments and indents.

    In scripts only lines that are nothing but a comment go: no other line can be mistaken.

    Raises ``ValueError`` for a script with a string of several lines, whose indents it would take.
    """
    pattern = _COMMENTS.get(Path(name).suffix)
    if pattern is None:
        return content
    content = pattern.sub(b"", content)
    if name.endswith(".js") and any(line.count(b"`") % 2 for line in content.splitlines()):
        raise ValueError(f"{name}: a string over several lines (expected each on one line)")
    return _INDENTS.sub(b"", content)


def versioned(name: str) -> str:
    """The file of ``_static`` with a digest, so that browsers ask again when it has changed."""
    return f"{name}?v={hashlib.sha256(assets()[name]).hexdigest()[:8]}"


# --- figures -----------------------------------------------------------------------------


def tidy(tree: LexborHTMLParser) -> None:
    """Take out what says nothing on the site, or says it wrongly."""
    # For JupyterLab; the site has its own, and the policy of its pages allows no other.
    for sheet in tree.css("style"):
        sheet.decompose()
    # MyST-NB names its toggles otherwise than their text, which speech control needs.
    for summary in tree.css('summary[aria-label="Toggle hidden content"]'):
        del summary.attrs["aria-label"]
    # docutils' classes, beside ours.
    for link in tree.css("a.reference.internal"):
        link.attrs["class"] = link.attrs["class"].removesuffix(" reference internal")


_UNTOUCHED = frozenset("code pre script select svg table textarea".split())
_JOINED = re.compile(r"\b\d+(?:-\d+){2,}\b|\b\d{4}-\d\d\b")


def keep_together(tree: LexborHTMLParser) -> None:
    """Let no line end within a date (2023-10-07) or the result of a vote (120-14-45).

    In tables lines must be short, and in drawings and code there are no lines to break.
    """
    for node in list(tree.root.traverse(include_text=True)):
        if node.tag != "-text" or not (found := list(_JOINED.finditer(node.text_content))):
            continue
        if any(each.tag in _UNTOUCHED or "together" in classes(each) for each in above(node)):
            continue
        text, done = node.text_content, 0
        for match in found:
            node.insert_before(text[done : match.start()])
            node.insert_before(element(tree, "span", match.group(), class_="together"))
            done = match.end()
        node.insert_before(text[done:])
        node.decompose()


def move_out(tree: LexborHTMLParser, outdir: Path, root: str) -> None:
    """Write the downloads and map documents of a page's figures to files.

    ``root`` is the relative address of the site's root as seen from the page.
    """
    for link in tree.css('a[download][href^="data:"]'):
        name = link.attrs["download"]
        content = base64.b64decode(link.attrs["href"].partition("base64,")[2])
        write(outdir / "figures" / name, content)
        link.attrs["href"] = f"{root}figures/{name}"
        link.attrs["download"] = None
    for frame in tree.css("iframe.map-frame[srcdoc]"):
        document = LexborHTMLParser(frame.attrs["srcdoc"])
        name = document.root.attrs["data-map"]
        write(outdir / "maps" / f"{name}.html", standalone(document, outdir))
        del frame.attrs["srcdoc"]
        frame.attrs["data-src"] = f"{root}maps/{name}.html"
        # Comes with the page, so that nothing below a map moves when the script starts.
        frame.insert_after(
            element(tree, "button", "Open the interactive map", type="button", class_="map-open")
        )


def standalone(document: LexborHTMLParser, outdir: Path) -> bytes:
    """A map document with its libraries in shared files and a policy of its own."""
    for shared in document.css("[data-shared]"):
        name = shared.attrs["data-shared"]
        write(outdir / "maps" / name, shared.text().encode())
        if shared.tag == "script":
            shared.replace_with(element(document, "script", src=name))
        else:
            shared.replace_with(element(document, "link", rel="stylesheet", href=name))
    allowed = policy(
        *[script.text() for script in document.css("script:not([src])")],
        styles=[sheet.text() for sheet in document.css("style")],
    )
    document.head.first_child.insert_before(
        element(document, "meta", http_equiv="Content-Security-Policy", content=allowed)
    )
    return document.html.encode()


def add_anchors(tree: LexborHTMLParser) -> None:
    """Put a link beside each heading and figure that has an address.

    The link stands beside the heading, not in it, so that its words are not read out as part of
    it, and comes with the page, so that nothing moves under a reader who arrives at a section.
    """

    def link(anchor: str, what: str, words: str) -> LexborNode:
        label = f"Link to this {what}: {words.strip()}"
        return element(tree, "a", "#", class_="anchor", href=f"#{anchor}", aria_label=label)

    for heading in tree.css("h2, h3, h4"):
        anchor = heading.id or begun_by(heading)
        if anchor and not heading.css_first("a"):
            heading.insert_before(element(tree, "div", class_="anchored"))
            beside = heading.prev
            beside.insert_child(heading, move=True)
            beside.insert_child(link(anchor, "section", heading.text()))
    for caption in tree.css("figure.figure[id] > figcaption"):
        caption.insert_after(link(caption.parent.id, "figure", caption.text()))


def begun_by(heading: LexborNode) -> str | None:
    """The identifier of the element that the heading begins, which a link to it can use.

    Earlier identifiers of that element may stand between as empty spans.
    """
    before = heading.prev
    while before and not before.text().strip() and before.tag in ("-text", "span"):
        before = before.prev
    return None if before else heading.parent.id


def write(path: Path, content: bytes) -> None:
    """Write a file, making its folder if needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


# --- pages -------------------------------------------------------------------------------


PARENTS = {
    "figures/": "book/reference/figures",
    "data/": "book/reference/data",
    "book/teach/": "book/teach/summaries",
}
"""The page of the table of contents under which pages that it does not list belong."""


def navigation(app: Sphinx, pagename: str) -> list[dict[str, Any]]:
    """The table of contents as groups of links; the current page, or its parent, is marked."""
    site_map = app.config.external_site_map
    here = app.builder.get_target_uri(pagename)

    def entry(docname: str) -> dict[str, Any]:
        docname = re.sub(r"\.(md|ipynb)$", "", docname)
        title = app.env.titles[docname].astext()
        return {
            "docname": docname,
            "title": app.config.html_context["short_titles"].get(docname, title),
            "url": relative_uri(here, app.builder.get_target_uri(docname)) or "#",
        }

    groups = [{"caption": None, "links": [entry(site_map.root.docname)]}]
    for tree in site_map.root.subtrees:
        links = [entry(item) for item in tree.items if isinstance(item, str)]
        groups.append({"caption": tree.caption, "links": links})
    links = [link for group in groups for link in group["links"]]
    listed = pagename in [link["docname"] for link in links]
    parent = next((page for start, page in PARENTS.items() if pagename.startswith(start)), None)
    for link in links:
        # The values of ARIA's attribute for the page itself and for what it is part of.
        marks = {pagename: "page"} if listed else {parent: "true"}
        link["current"] = marks.get(link["docname"])
    return groups


def trail(groups: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """The steps from the contents to this page, with the address of a page on the way.

    None for the introduction and for pages that belong nowhere.
    """
    return [
        step
        for group in groups
        if group["caption"]
        for link in group["links"]
        if link["current"]
        for step in (
            (group["caption"], None),
            (link["title"], link["url"] if link["current"] == "true" else None),
        )
    ]


def page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """What the theme's template needs, and figures moved out to files."""
    if app.builder.name != "html":
        return
    root = "../" * app.builder.get_target_uri(pagename).count("/")
    outdir = Path(app.outdir)
    if "body" in context:
        tree = part(context["body"])
        tidy(tree)
        keep_together(tree)
        move_out(tree, outdir, root)
        add_anchors(tree)
        context["body"] = tree.html
    context["root"] = root
    context["start_script"] = START_SCRIPT
    context["menu_script"] = MENU_SCRIPT
    context["outline_script"] = OUTLINE_SCRIPT
    context["no_script_style"] = NO_SCRIPT_STYLE
    context["page_end_script"] = PAGE_END_SCRIPT
    scripts = (START_SCRIPT, MENU_SCRIPT, OUTLINE_SCRIPT, PAGE_END_SCRIPT)
    context["policy"] = policy(*scripts, styles=[NO_SCRIPT_STYLE])
    context["navigation"] = navigation(app, pagename)
    context["trail"] = trail(context["navigation"])
    context["outline"] = outline(doctree) if doctree is not None else []
    context["description"] = context.get("description") or description(app, pagename)
    context["asset"] = lambda name: f"{root}_static/{versioned(name)}"


def outline(doctree: nodes.document) -> list[tuple[str, str]]:
    """Anchor and title of the page's second-level sections, and of parts made from data.

    Templates name those with the attribute ``data-outline``.
    """
    top = next(iter(doctree.findall(nodes.section)), None)
    if top is None:
        return []
    found = []
    for child in top.children:
        if isinstance(child, nodes.section):
            found.append((child["ids"][0], child.next_node(nodes.title).astext()))
        elif isinstance(child, nodes.raw):
            listed = part(child.astext()).css("[id][data-outline]")
            found += [(each.id, each.attrs["data-outline"]) for each in listed]
    return found


def description(app: Sphinx, pagename: str) -> str:
    """The page's description for search engines and link previews."""
    return app.config.html_context["descriptions"].get(pagename, "")


def titles_and_descriptions(app: Sphinx, config: Any) -> None:
    """Chapter titles for the menu and descriptions, from the table ``chapters``."""
    from explainer import evidence

    chapters = evidence.current().chapters.values()
    config.html_context.setdefault("short_titles", {}).update(
        {chapter.docname: f"{chapter.number} {chapter.short}" for chapter in chapters}
    )
    config.html_context.setdefault("descriptions", {}).update(
        {chapter.docname: chapter.description for chapter in chapters}
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register builder, theme and page context."""
    # Jupyter Book always sets this value of an extension that the book does not load.
    app.add_config_value("comments_config", {}, "")
    app.add_builder(BookBuilder, override=True)
    app.add_html_theme("explainer", str(ROOT / "_theme"))
    app.connect("builder-inited", lambda app: titles_and_descriptions(app, app.config))
    app.connect("html-page-context", page_context)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
