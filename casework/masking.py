"""Personal data as far as a reader needs it: enough to recognise, too little to use (个人信息保护法 art. 6). Pure."""

STAR = "*"


def name(text: str) -> str:
    """A person's name with the middle hidden: 陆*禾, 陆*."""
    if len(text) < 2:
        return STAR
    return text[0] + STAR * max(1, len(text) - 2) + (text[-1] if len(text) > 2 else "")


SHORT, SHOWN_FIRST, SHOWN_LAST = 8, 3, 4


def number(text: str) -> str:
    """An identity number or telephone number: its first three and last four characters, nothing of a short one."""
    if len(text) < SHORT:
        return STAR * len(text)
    return text[:SHOWN_FIRST] + STAR * (len(text) - SHOWN_FIRST - SHOWN_LAST) + text[-SHOWN_LAST:]
