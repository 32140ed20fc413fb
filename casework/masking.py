"""Personal data as far as a reader needs it: enough to recognise, too little to use (个人信息保护法 art. 6). Pure."""

STAR = "*"


def name(text: str) -> str:
    """A person's name with the middle hidden: 陆*禾, 陆*."""
    if len(text) < 2:
        return STAR
    return text[0] + STAR * max(1, len(text) - 2) + (text[-1] if len(text) > 2 else "")


def number(text: str) -> str:
    """An identity number or telephone number: its first three and last four characters, of a short one the last."""
    if len(text) < 8:
        return STAR * max(1, len(text) - 1) + text[-1:]
    return text[:3] + STAR * (len(text) - 7) + text[-4:]
