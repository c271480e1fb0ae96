"""Pages laid out as rows and columns: the tree that boxes make, and the document it is written as."""

from __future__ import annotations

from lxml import html

from agent.generators.embedded.page.flow import write_flow
from agent.generators.embedded.page.flow.listings import groups, listing
from agent.generators.embedded.page.flow.narrow import margins
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.settle import settled
from agent.generators.embedded.page.flow.tree import tree_of
from critic.reading.page import Edge, Family, Fill, LaidLine, Page, Shape, Span, Stop
from critic.types import Box


def _flat(colour: str) -> Fill:
    return Fill(stops=(Stop(at=0.0, colour=colour),))


def _text(text: str, x: float, y: float, size: float = 16.0) -> LaidLine:
    """A line of which only the place and the text matter; ``y`` is its baseline."""
    ink = Box(x, y - 0.75 * size, x + 0.5 * size * len(text), y)
    span = Span(text=text, colour="#202020")
    return LaidLine(spans=(span,), family=Family.SANS, size=size, x=x, baseline=y, ink=ink, ground="#ffffff")


def _box(x0: float, y0: float, x1: float, y1: float, colour: str = "#eeeeee") -> Shape:
    return Shape(box=Box(x0, y0, x1, y1), fill=_flat(colour))


def _page(lines: tuple[LaidLine, ...] = (), shapes: tuple[Shape, ...] = ()) -> Page:
    return Page(width=800, height=600, fill=_flat("#ffffff"), lines=lines, shapes=shapes)


def _told(node: Node) -> object:
    """A tree as nested tuples: texts by their words, boxes by how they arrange what they hold."""
    if node.block is not None:
        return node.block.lines[0].text
    inner = tuple(_told(child) for child in node.children)
    return (node.arrangement, *inner) if inner else "box"


def test_boxes_side_by_side_below_a_title_are_a_row_in_a_column() -> None:
    shapes = (_box(40, 100, 260, 300), _box(290, 100, 510, 300), _box(540, 100, 760, 300))
    page = _page((_text("Plans", 40, 60, 32), _text("one", 60, 140), _text("two", 310, 140)), shapes)
    assert _told(tree_of(page)) == ("column", "Plans", ("row", ("column", "one"), ("column", "two"), "box"))


def test_what_is_near_stays_together() -> None:
    columns = tuple(
        _text(f"{name} {row}", x, 100 + 40 * row)
        for name, x in (("left", 40), ("right", 400))
        for row in range(3)
    )
    assert _told(tree_of(_page(columns))) == (
        "row",
        ("column", "left 0", "left 1", "left 2"),
        ("column", "right 0", "right 1", "right 2"),
    )


def test_a_badge_on_an_edge_lies_over_its_box_and_nothing_else_does() -> None:
    card, badge = _box(100, 100, 500, 400), _box(420, 90, 490, 115, "#cc0000")
    tree = tree_of(_page((_text("Popular", 424, 108, 12), _text("Card", 120, 200)), (card, badge)))
    (home,) = (node for node in tree.walk() if node.pinned)
    assert home.box == card.box
    assert [pinned.box for pinned in home.pinned] == [badge.box]
    code = write_flow(_page((_text("Card", 120, 200),), (card, badge)))
    assert code.count("position: absolute") == 1
    assert "top: -10px" in code and "right: 10px" in code


def test_a_document_gives_way() -> None:
    shapes = (_box(40, 100, 385, 300), _box(415, 100, 760, 300))
    page = _page((_text("Plans", 40, 60, 32), _text("one", 60, 140), _text("two", 435, 140)), shapes)
    code = write_flow(page)
    document = html.document_fromstring(code)
    assert document.get("lang") == "en"
    assert document.xpath("//meta[@name='viewport']")
    assert document.xpath("string(//title)") == document.xpath("string(//h1)") == "Plans"
    assert "800px" not in code and "absolute" not in code
    stacked = code[code.index("@media (max-width: 640px)") :]
    assert "flex-direction: column" in stacked


def test_equal_boxes_share_a_class_and_names_hold_no_numbers() -> None:
    shapes = tuple(_box(x, 100, x + 220, 300) for x in (40, 290, 540))
    lines = tuple(_text(f"card {x}", x + 20, 140) for x in (40, 290, 540))
    document = html.document_fromstring(write_flow(_page(lines, shapes)))
    cards = {element.getparent().get("class") for element in document.xpath("//p")}
    assert len(cards) == 1
    names = " ".join(document.xpath("//@class"))
    assert not any(letter.isdigit() for letter in names)


def _framed(x0: float, y0: float, x1: float, y1: float) -> Shape:
    line = Edge(width=1, colour="#888888")
    return _box(x0, y0, x1, y1, "#ffffff").model_copy(update={"border": (line, line, line, line)})


def test_a_framed_box_with_a_text_at_its_left_is_a_field() -> None:
    code = write_flow(_page((_text("Your name", 52, 124),), (_framed(40, 100, 340, 138),)))
    assert code.count("<input") == 1


def test_framed_boxes_that_join_are_cells_and_no_fields() -> None:
    places = [(40 + 200 * column, 100 + 38 * row) for row in range(3) for column in range(2)]
    texts = tuple(_text(f"cell {index}", x + 12, y + 24) for index, (x, y) in enumerate(places))
    code = write_flow(_page(texts, tuple(_framed(x, y, x + 200, y + 38) for x, y in places)))
    assert "<input" not in code and all(f"cell {index}" in code for index in range(6))


def _code(text: str, column: int, row: int) -> LaidLine:
    """A row of code on a grid: columns of 7.8 px, rows 18 px apart."""
    line = _text(text, 40 + 7.83 * column, 100 + 18 * row, 13)
    wide = line.ink._replace(x1=line.x + 7.83 * len(text))
    return line.model_copy(update={"family": Family.MONO, "ink": wide})


def test_rows_of_code_are_one_listing_with_indents_and_blank_rows() -> None:
    rows = (_code("def area(r):", 0, 0), _code("return 3 * r", 4, 1), _code("print(area(2))", 0, 3))
    body = (_text("A function of one argument:", 40, 60), _text("and what it prints.", 40, 220))
    (listing,) = html.fromstring(write_flow(_page((*body, *rows)))).iter("pre")
    written = [row.rstrip() for row in listing.text_content().split("\n")]
    assert written == ["def area(r):", "    return 3 * r", "", "print(area(2))"]


def test_a_row_between_rows_of_code_that_is_as_wide_in_its_face_is_code_too() -> None:
    misread = _code("x = area(2)", 0, 1).model_copy(update={"family": Family.SERIF, "size": 17.0})
    body = tuple(
        _text(f"Line {row} of the running text of this page.", 40, 300 + 30 * row) for row in range(3)
    )
    rows = (_code("y = area(1)", 0, 0), _code("z = area(3)", 0, 2), _code("print(x)", 0, 3))
    page = _page((*rows, misread, *body))
    (listing,) = html.fromstring(write_flow(page)).iter("pre")
    assert "x = area(2)" in listing.text_content()


def test_rows_of_code_are_as_far_apart_as_most_are_though_the_last_one_is_read_a_pixel_off() -> None:
    rows = tuple(_code(f"x = area({row})", 0, row) for row in range(20))
    cut = rows[-1].model_copy(update={"baseline": rows[-1].baseline + 1})
    (group,) = groups((*rows[:-1], cut))
    assert listing(group).pitch == 18.0


def test_a_lone_word_above_much_code_is_in_the_usual_face_of_what_is_no_code() -> None:
    rows = tuple(_code(f"x = area({row}) + area({row} + 1) + area(0)", 0, row) for row in range(20))
    body = (_text("Two lines of the running text.", 40, 500), _text("of this page.", 40, 540))
    odd = _text("Previous", 600, 20, 12.92).model_copy(update={"family": Family.MONO})
    (word,) = (line for line in settled(_page((*rows, *body, odd))).lines if line.text == "Previous")
    assert word.family is Family.SANS


def test_a_lone_word_as_wide_in_the_usual_face_is_in_that() -> None:
    body = tuple(_text(f"Line {row} of the running text.", 40, 100 + 40 * row) for row in range(4))
    odd = _text("Previous", 600, 40, 12.45).model_copy(update={"family": Family.MONO})
    assert "Mono" not in write_flow(_page((*body, odd)))


def test_a_first_column_that_ends_early_stays_beside_the_rows_that_go_on() -> None:
    cards = tuple(_box(x, y, x + 160, y + 120) for y in (100, 240) for x in (220, 400, 580))
    names = tuple(_text(name, 40, y) for name, y in (("Kitchen", 120), ("Garden", 160), ("Office", 200)))
    told = _told(tree_of(_page(names, cards)))
    assert told == (
        "row",
        ("column", "Kitchen", "Garden", "Office"),
        ("column", ("row", "box", "box", "box"), ("row", "box", "box", "box")),
    )


def test_a_column_of_boxes_keeps_its_width_beside_others() -> None:
    entries = tuple(_box(40, y, 240, y + 40) for y in (100, 139, 178))
    names = tuple(_text(name, 56, y) for name, y in (("One", 125), ("Two", 164), ("Three", 203)))
    page = _page((*names, _text("beside", 320, 125)), (*entries, _box(300, 100, 760, 300)))
    assert "flex: 0 1 200px" in write_flow(page)


def test_a_bar_beside_a_logo_takes_the_room_that_it_leaves() -> None:
    shapes = (_box(0, 0, 250, 56), _box(250, 0, 1280, 56, "#ffffee"))
    lines = (_text("Harbour", 20, 34), _text("Tides", 290, 34), _text("Moons", 900, 34))
    page = _page(lines, shapes).model_copy(update={"width": 1280})
    assert "flex: 1 1 0" in write_flow(page)


def _narrow(code: str) -> str:
    return code[code.index("@media (max-width: 640px)") :]


def test_in_a_narrow_window_bars_stay_beside_each_other_and_letters_keep_off_the_edge() -> None:
    lines = (
        _text("The keeper climbed the tower at noon and", 260, 40),
        _text("watched the shadow of the gnomon shrink.", 260, 64),
        _text("The tide waits for no one, and keeps hours.", 280, 140),
    )
    code = write_flow(_page(lines, (_box(0, 0, 800, 10), _box(260, 120, 264, 150, "#0a7d6c"))))
    assert "flex-wrap" not in _narrow(code)
    assert margins(Box(0, 0, 800, 600)) == {"margin-left": "24px", "margin-right": "24px"}
    assert margins(Box(300, 0, 800, 600)) == {"margin-left": "0", "margin-right": "0"}
    assert "height: auto; align-self: stretch" in _narrow(code)


def test_a_sidebar_is_no_higher_than_its_entries_once_it_lies_above() -> None:
    side = _box(0, 0, 200, 600, "#14213d")
    entries = tuple(_text(word, 20, 40 + 30 * row) for row, word in enumerate(("Orders", "Boats", "Tides")))
    code = write_flow(_page((*entries, _text("Overview of all the boats", 300, 40, 28)), (side,)))
    assert "padding: 26px 20px 497px" in code
    assert ".sidebar { padding: 26px 20px; flex: none; }" in _narrow(code)


def test_a_wide_empty_box_is_no_wider_than_its_window() -> None:
    code = write_flow(_page((_text("Tide tables", 40, 40),), (_box(40, 100, 760, 400, "#224466"),)))
    assert "width: 100%; flex-shrink: 0" in code
    code = write_flow(_page((_text("Tide tables", 0, 40),), (_box(90, 100, 720, 400, "#224466"),)))
    assert "width: 630px" in code and "max-width: calc(100% - 90px)" in code
