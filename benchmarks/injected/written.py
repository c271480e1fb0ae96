"""Tables and pages written here by chance, as people write them by hand."""

from __future__ import annotations

import random

_PLACES = ("Aalborg", "Tallinn", "Visby", "Malmö", "Lübeck", "Gdańsk", "Riga", "Turku", "Stavanger", "Ghent")
_GOODS = ("Oak table", "Linen cloth", "Copper kettle", "Wool blanket", "Bread knife", "Tea caddy", "Lantern")
_PEOPLE = (
    "Ines Moreau",
    "Jonas Falk",
    "Priya Raman",
    "Tomas Beck",
    "Amina Diallo",
    "Lena Vogt",
    "Omar Haddad",
)
_SENTENCES = (
    "The workshop opens at nine and closes when the last kettle is polished.",
    "Every order is packed by hand and leaves the harbour the same evening.",
    "Repairs are free during the first two years after the purchase.",
    "Our ferry brings fresh supplies on Mondays, Wednesdays and Saturdays.",
    "Members borrow up to seven tools at a time and return them within a month.",
    "Each season the garden committee chooses twelve plants for the square.",
    "Letters to the editor should not be longer than two hundred words.",
)
_HEADINGS = ("Opening hours", "Latest notes", "Our services", "From the workshop", "Visit us", "Questions")
_MENU = ("Home", "Prices", "Journal", "Contact", "About", "Orders")
_FONTS = ("Arial, sans-serif", "Georgia, serif", "'DejaVu Sans', sans-serif", "'Liberation Sans', sans-serif")
_COLOURS = ("#1f4e5f", "#5b2245", "#22577a", "#3d405b", "#386641", "#9c6644")
_RULES = (
    "td,th{border:1px solid #777}",
    "td,th{border-bottom:1px solid #bbb}",
    "table{border-top:2px solid #333;border-bottom:2px solid #333} th{border-bottom:1px solid #333}",
    "td,th{border:1px solid #ccc} tr:nth-child(even) td{background:#f2f4f7}",
)


def _number(chance: random.Random) -> str:
    return chance.choice(
        (
            f"{chance.randint(2, 99)}",
            f"{chance.uniform(1, 999):,.2f}",
            f"{chance.randint(1000, 99_999):,}",
            f"{chance.uniform(0.5, 99):.1f}%",
            f"-{chance.uniform(1, 60):.1f}",
            f"€{chance.randint(12, 950)}",
        )
    )


def _columns(chance: random.Random, rows: int) -> list[tuple[str, bool, list[str]]]:
    """Name, whether it holds numbers, and cells of each column."""
    first = chance.choice((("Town", _PLACES), ("Item", _GOODS), ("Name", _PEOPLE)))
    found = [(first[0], False, chance.sample(first[1], rows))]
    for name in chance.sample(("Price", "Stock", "Change", "Share", "Total", "Weight", "Hours"), 3):
        kind = random.Random(f"{name}{chance.random()}")
        found.append((name, True, [_number(kind) for _ in range(rows)]))
    if chance.random() < 0.5:
        states = ("open", "closed", "delivered", "in transit", "waiting", "cancelled")
        found.insert(chance.randint(1, 3), ("State", False, [chance.choice(states) for _ in range(rows)]))
    return found[: chance.randint(3, 5)]


def written_table(chance: random.Random) -> str:
    """A table with its style: plain, or with merged headings or a merged first column."""
    rows = chance.randint(4, 7)
    columns = _columns(chance, rows)
    head = "".join(f"<th>{name}</th>" for name, _, _ in columns)
    top = ""
    if len(columns) > 3 and chance.random() < 0.35:
        rest = len(columns) - 2
        top = f"<tr><th colspan='2'>Place and state</th><th colspan='{rest}'>Figures</th></tr>"
    body = ""
    grouped = rows % 2 == 0 and chance.random() < 0.3
    for row in range(rows):
        cells = [
            f"<td class='n'>{cells[row]}</td>" if numbers else f"<td>{cells[row]}</td>"
            for _, numbers, cells in columns
        ]
        if grouped:
            lead = f"<td rowspan='2'>{chance.choice(_HEADINGS)}</td>" if row % 2 == 0 else ""
            cells = [lead, *cells[1:]]
        body += f"<tr>{''.join(cells)}</tr>"
    style = (
        f"table{{border-collapse:collapse;font:{chance.choice((13, 14, 15, 16))}px {chance.choice(_FONTS)}}}"
        f"td,th{{padding:{chance.choice((4, 6, 8))}px {chance.choice((8, 10, 14))}px;text-align:left}}"
        f"td.n{{text-align:{chance.choice(('right', 'right', 'center'))}}}{chance.choice(_RULES)}"
    )
    if chance.random() < 0.4:
        style += f"th{{background:{chance.choice(_COLOURS)};color:#fff}}"
    return f"<style>{style}</style>\n<table><thead>{top}<tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def written_page(chance: random.Random, sheets: list[str]) -> str:
    """A page: a head with a menu, sections of several sorts, a foot.

    Args:
        chance: Which.
        sheets: Style sheets of frameworks for plain elements; one of them, or a style written here.
    """
    parts = chance.sample((_article, _cards, _form, _listing, _figures), chance.randint(2, 3))
    body = "".join(f"<section>{part(chance)}</section>" for part in parts)
    menu = "".join(f"<a href='#'>{name}</a> " for name in chance.sample(_MENU, 4))
    title = chance.choice(("Harbour Supplies", "The Tool Library", "Garden Committee", "Kettle & Lantern"))
    style = chance.choice(sheets) if sheets and chance.random() < 0.5 else _style(chance)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
        f"<style>{style}{_GRID}</style></head><body><header><h1>{title}</h1><nav>{menu}</nav></header>"
        f"<main>{body}</main><footer><p>{chance.choice(_SENTENCES)}</p></footer></body></html>"
    )


_GRID = (
    ".cards{display:flex;gap:20px}.cards>div{flex:1;padding:12px}nav a{margin-right:18px}"
    ".wide{display:grid;grid-template-columns:1fr 1fr;gap:12px;max-width:640px}"
)


def _style(chance: random.Random) -> str:
    colour, other = chance.sample(_COLOURS, 2)
    rounded = chance.choice((0, 4, 10))
    return (
        f"body{{margin:0;font:{chance.choice((15, 16, 17))}px/1.5 {chance.choice(_FONTS)};color:#222}}"
        f"header{{background:{colour};color:#fff;padding:16px 40px}}nav a{{color:#fff}}"
        f"main{{padding:8px 40px;max-width:{chance.choice((860, 1000, 1160))}px}}"
        f".cards>div{{border:1px solid #ccc;border-radius:{rounded}px;background:#fafafa}}"
        f"button{{background:{other};color:#fff;border:0;padding:8px 18px;border-radius:{rounded}px}}"
        f"input,select{{padding:6px;border:1px solid #888}}footer{{padding:8px 40px;background:#eee}}"
        f"table{{border-collapse:collapse}}td,th{{border-bottom:1px solid #bbb;padding:6px 12px}}"
    )


def _article(chance: random.Random) -> str:
    told = chance.sample(_SENTENCES, 4)
    return f"<h2>{chance.choice(_HEADINGS)}</h2><p>{told[0]} {told[1]}</p><p>{told[2]} {told[3]}</p>"


def _cards(chance: random.Random) -> str:
    made = "".join(
        f"<div><h3>{name}</h3><p>{chance.choice(_SENTENCES)}</p><button>Order</button></div>"
        for name in chance.sample(_GOODS, 3)
    )
    return f"<h2>{chance.choice(_HEADINGS)}</h2><div class='cards'>{made}</div>"


def _form(chance: random.Random) -> str:
    asked = "".join(
        f"<label>{name} <input type='text' value='{value}'></label>"
        for name, value in zip(
            ("Name", "Town"), (chance.choice(_PEOPLE), chance.choice(_PLACES)), strict=True
        )
    )
    return (
        f"<h2>Send an order</h2><form class='wide'>{asked}<label><input type='checkbox' checked> "
        f"Keep me informed</label><button type='button'>Send</button></form>"
    )


def _listing(chance: random.Random) -> str:
    made = "".join(f"<li>{name}</li>" for name in chance.sample((*_GOODS, *_PLACES), 5))
    return f"<h2>{chance.choice(_HEADINGS)}</h2><ul>{made}</ul>"


def _figures(chance: random.Random) -> str:
    columns = _columns(chance, 4)
    head = "".join(f"<th>{name}</th>" for name, _, _ in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{c[row]}</td>" for _, _, c in columns) + "</tr>" for row in range(4)
    )
    return f"<h2>{chance.choice(_HEADINGS)}</h2><table><tr>{head}</tr>{body}</table>"
