"""Pieces of HTML hold texts, whatever is in them."""

from names import HOSTILE

from viz.shows.html import block, code, equations, paragraphs, table, words


def test_texts_are_escaped():
    assert words("<b> & \x1b") == "&lt;b&gt; &amp; \\x1b"
    assert code("a < b\nc").endswith("a &lt; b\nc</pre>")
    assert paragraphs(["<p>", "x"]) == "<p>&lt;p&gt;</p><p>x</p>"
    for name in HOSTILE:
        assert "<" not in words(name)
        assert "</script" not in block(name)["text/html"]


def test_columns_of_numbers_stand_right():
    html = table(("name", " count"), [("x", "3"), ("y", "4")])
    assert html.count('class="sg-number"') == 3
    assert html.count("<tr>") == 3


def test_equations_stand_one_below_the_other():
    assert equations() == {}
    assert equations("a", "b")["text/latex"] == r"$$\begin{gathered} a \\ b \end{gathered}$$"


def test_no_piece_needs_a_script_or_the_network():
    html = block("title", table(("a",), []))["text/html"]
    assert "script" not in html
    assert "http" not in html
