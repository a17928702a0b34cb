"""The two colour sets and the contrast arithmetic their test uses.

政务蓝 is the accent. 党建红 (`party`) appears in party work only, so danger is an outline, a brick tone and a word.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """One colour per role, as `#rrggbb`."""

    window: str  # behind everything
    surface: str  # cards, tables, fields
    raised: str  # every other table row, table heads, hovered rows
    line: str  # quiet borders
    edge: str  # borders of fields and buttons
    text: str
    muted: str  # second-rank words, still readable
    accent: str  # filled buttons, selection bars
    accent_hover: str
    on_accent: str
    accent_text: str  # links and chosen words on window or surface
    accent_soft: str  # behind a chosen item
    selected: str  # selected table rows
    party: str
    party_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info_soft: str
    shade: str  # empty rooms, disabled surfaces


LIGHT = Colours(
    window="#f3f5f8",
    surface="#ffffff",
    raised="#f8fafc",
    line="#dfe4eb",
    edge="#b4bdca",
    text="#1b2430",
    muted="#566273",
    accent="#1e6fd9",
    accent_hover="#175cb6",
    on_accent="#ffffff",
    accent_text="#175cb6",
    accent_soft="#e3eefb",
    selected="#d5e6fa",
    party="#c8161d",
    party_soft="#fbe6e6",
    good="#1b7340",
    good_soft="#e0f3e6",
    warn="#835200",
    warn_soft="#fdf1d3",
    bad="#a13a14",
    bad_soft="#fbeae2",
    info_soft="#e6f0fb",
    shade="#e9edf2",
)

DARK = Colours(
    window="#191d23",
    surface="#22272e",
    raised="#272d35",
    line="#363e48",
    edge="#55606e",
    text="#e6eaf0",
    muted="#a5b0be",
    accent="#5ba3ff",
    accent_hover="#82b9ff",
    on_accent="#0a1a2e",
    accent_text="#8abdff",
    accent_soft="#213c5a",
    selected="#23405f",
    party="#ff8a85",
    party_soft="#4a2326",
    good="#74d197",
    good_soft="#1f3d2b",
    warn="#f2bf55",
    warn_soft="#45361a",
    bad="#ff9d73",
    bad_soft="#472a1c",
    info_soft="#213a56",
    shade="#2c323b",
)


def tokens(colours: Colours) -> dict[str, str]:
    """The colours by role, for the style sheet."""
    return asdict(colours)


_LINEAR_UP_TO = 0.04045  # sRGB, IEC 61966-2-1


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= _LINEAR_UP_TO else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.1, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
