"""Lets bytes in as a tree of elements, or refuses them. The one file that knows lxml; what it reads may be hostile.

No DOCTYPE (so no entities and no external DTD), no network, bounded size, count, width and depth.
"""

import re
from bisect import bisect_right
from typing import Final

from lxml import etree

from engine.diagram.element import Element, short_attribute_name, short_element_name
from engine.diagram.labels import SELECTABLE
from engine.errors import DiagramRefused, Fault, Sentence

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 20_000
MAX_ATTRIBUTES: Final = 100
MAX_DEPTH: Final = 40
MAX_NAMESPACE: Final = 300

# In well-formed XML a "<" outside these opens a start tag and nothing else: markup in comments and CDATA is skipped.
MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|(?P<doctype><!)|(?P<tag><(?!/))", re.DOTALL
)
# Every element of a namespace repeats its URI in memory, so a long one would multiply.
NAMESPACE = re.compile(r"""xmlns[^=\s"']*(?:\s*=\s*("[^"]*"|'[^']*'))?""")
DECLARED_ENCODING = re.compile(r"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")


def refused(zh: str, en: str, line: int | None = None, column: int | None = None) -> DiagramRefused:
    """The file as a whole cannot be read: the only fault that is reported alone."""
    return DiagramRefused(faults=[Fault(Sentence(zh, en), line=line, column=column)])


def open_file(source: bytes) -> Element:
    """The root element of a BPMN file. Raises DiagramRefused for anything that is not harmless, well-formed XML."""
    text = decoded(source)
    places = places_of_tags(text)
    try:
        root = etree.fromstring(text.encode(), hardened_parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise refused(
            f"文件不是格式正确的 XML（{error.msg}）。请用 Camunda Modeler 重新保存。",
            f"The file is not well-formed XML ({error.msg}). Save it again in Camunda Modeler.",
            line,
            column,
        ) from error
    return tree_of(root, places)


def hardened_parser() -> "etree.XMLParser[etree._Element]":
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def decoded(source: bytes) -> str:
    """The text of the file: UTF-8, what every modeller writes."""
    if len(source) > MAX_BYTES:
        raise refused("文件超过 2 MB，请拆分流程图。", "The file is larger than 2 MB; split the diagram.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused("文件不是 UTF-8 编码，请另存为 UTF-8。", "The file is not UTF-8; save it as UTF-8.") from error
    encoding = DECLARED_ENCODING.match(text)
    if encoding and encoding[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise refused(
            "文件声明的编码不是 UTF-8，请另存为 UTF-8。",
            "The file declares an encoding other than UTF-8; save it as UTF-8.",
        )
    if any(len(namespace[1] or "") > MAX_NAMESPACE for namespace in NAMESPACE.finditer(text)):
        raise refused(
            f"命名空间的名称超过 {MAX_NAMESPACE} 个字符。", f"A namespace is longer than {MAX_NAMESPACE} characters."
        )
    return text


def places_of_tags(text: str) -> list[tuple[int, int]]:
    """Line and column of every start tag in document order; refuses a DOCTYPE and a flood of elements unparsed."""
    breaks = [match.start() for match in re.finditer("\n", text)]
    places: list[tuple[int, int]] = []
    for markup in MARKUP.finditer(text):
        if markup["doctype"]:
            raise refused(
                "文件含有 DOCTYPE 声明，出于安全原因不予读取，请删除它。",
                "The file has a DOCTYPE, which is never read for safety; remove it.",
                bisect_right(breaks, markup.start()) + 1,
            )
        if markup["tag"]:
            line = bisect_right(breaks, markup.start())
            places.append((line + 1, markup.start() - (breaks[line - 1] if line else -1)))
        if len(places) > MAX_ELEMENTS:
            raise refused(
                f"文件超过 {MAX_ELEMENTS} 个元素，请拆分流程图。",
                f"The file has more than {MAX_ELEMENTS} elements; split the diagram.",
            )
    return places


def tree_of(root: etree._Element, places: list[tuple[int, int]]) -> Element:
    """lxml's tree in our own short names; iterative, because depth is the sender's choice."""
    position = iter(places)
    open_elements: list[Element] = []
    top: Element | None = None
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            open_elements.pop()
            continue
        element = element_of(node, open_elements[-1] if open_elements else None, next(position))
        top = top or element
        open_elements.append(element)
        if len(open_elements) > MAX_DEPTH:
            raise refused(
                f"元素嵌套超过 {MAX_DEPTH} 层，请减少子流程的嵌套。",
                f"Elements are nested more than {MAX_DEPTH} deep; nest fewer sub-processes.",
                element.line,
                element.column,
            )
    assert top is not None
    return top


def element_of(node: etree._Element, parent: Element | None, place: tuple[int, int]) -> Element:
    line, column = place
    if len(node.attrib) > MAX_ATTRIBUTES:
        raise refused(
            f"元素的属性超过 {MAX_ATTRIBUTES} 个。",
            f"An element has more than {MAX_ATTRIBUTES} attributes.",
            line,
            column,
        )
    attributes = {short_attribute_name(str(name)): str(value) for name, value in node.attrib.items()}
    element = Element(short_element_name(str(node.tag)), attributes, line, column, text=node.text or "")
    selectable = element.name in SELECTABLE and element.id is not None
    element.owner = element if selectable or parent is None else parent.owner
    if parent is not None:
        parent.children.append(element)
    return element
