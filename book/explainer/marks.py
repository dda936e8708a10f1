"""The mark of a verdict, drawn: a shape of its own, so that it says more than a colour."""

from __future__ import annotations

from matplotlib.patches import Circle, Patch, Rectangle, Wedge

from explainer import style

LOOKS = {
    "supported": (style.BLUE, 1.0),
    "mostly supported": (style.BLUE, 0.75),
    "mixed": (style.OCHRE, 0.5),
    "contradicted": (style.ORANGE, 0.0),
    "unverified": (style.SLATE, 0.0),
    "interpretation": (style.PURPLE, 0.0),
}
"""Colour and filled share of each verdict's mark, as in the site's stylesheet."""


def verdict_mark(
    verdict: str, x: float, y: float, radius: float, width: float, *, y_points_down: bool = False
) -> list[Patch]:
    """Patches around a point, in units of the axes; ``width`` is that of the line in points.

    Raises ``KeyError`` for an unknown verdict.
    """
    colour, share = LOOKS[verdict]
    look = {"fill": False, "edgecolor": colour, "linewidth": width}
    if verdict in ("contradicted", "interpretation"):
        side = 1.7 * radius
        turned = verdict == "contradicted"
        square = Rectangle(
            (x - side / 2, y - side / 2),
            side,
            side,
            angle=45 if turned else 0,
            rotation_point="center",
            hatch=None if turned else "////",
            **look,
        )
        return [square]
    dashes = (0, (2.2, 1.6)) if verdict == "unverified" else "solid"
    marks: list[Patch] = [Circle((x, y), radius, linestyle=dashes, **look)]
    if share:
        # Clockwise from the top, whichever way the axis points.
        ends = (-90, -90 + 360 * share) if y_points_down else (90 - 360 * share, 90)
        marks.append(Wedge((x, y), radius, *ends, color=colour, linewidth=0))
    return marks
