"""Whether bytes are a photo as a tablet makes it: a whole JPEG that says nothing but the picture."""

# Markers that carry the picture's own matters: JFIF, the colour profile, Adobe's colour transform.
HARMLESS = {0xE0, 0xE2, 0xEE}
START, END, SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA
# A frame: baseline, extended, progressive.
FRAMES = {0xC0, 0xC1, 0xC2}
PROFILE = b"ICC_PROFILE\x00"


def is_plain_jpeg(content: bytes) -> bool:
    """False for anything else, and for a JPEG with notes in it: where and when it was taken, by which device."""
    if not content.startswith(START) or not content.endswith(END):
        return False
    at, has_frame = len(START), False
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return False
        marker = content[at + 1]
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2 or _is_note(marker, content[at + 4 : at + 2 + length]):
            return False
        if marker == SCAN:
            return has_frame
        has_frame = has_frame or marker in FRAMES
        at += 2 + length
    return False


def _is_note(marker: int, inside: bytes) -> bool:
    """An application's segment other than the harmless ones, or a comment."""
    is_application = 0xE0 <= marker <= 0xEF or marker == 0xFE
    if not is_application:
        return False
    return marker not in HARMLESS or marker == 0xE2 and not inside.startswith(PROFILE)
