"""The template for translators is current, and every translation fills the gaps of its text."""

import io

import pytest
from babel.messages.pofile import read_po

from tests.architecture import words

TRANSLATIONS = sorted(words.LOCALE.glob("*/LC_MESSAGES/*.po"))


def test_the_template_has_every_text_and_no_other():
    gathered, template = words.ids(words.gather(words.ROOT / "crisisdesk")), words.ids(words.read(words.TEMPLATE))
    assert (gathered - template, template - gathered) == (set(), set()), "run: python3 dev.py words"


def test_translations_fill_the_gaps_of_their_texts():
    wrong = {path.parts[-3]: list(words.disagreeing(words.read(path))) for path in TRANSLATIONS}
    assert not {language: problems for language, problems in wrong.items() if problems}


def test_a_text_in_the_code_is_gathered(tmp_path):
    (tmp_path / "rows.py").write_text('N_("Lock now")\n_("Hello")\nngettext("{n} day", "{n} days", n)\n')
    assert words.ids(words.gather(tmp_path)) == {"Lock now", "Hello", ("{n} day", "{n} days")}


PLURAL = 'msgid "One call"\nmsgid_plural "{n} calls"\nmsgstr[0] "%s"\nmsgstr[1] "%s"\n'


@pytest.mark.parametrize(
    ("entry", "agrees"),
    [
        ('msgid "Call {name}"\nmsgstr "Llame a {name}"\n', True),
        ('msgid "Call {name}"\nmsgstr ""\n', True),
        ('msgid "Call {name}"\nmsgstr "Llame"\n', False),
        ('msgid "Call {name}"\nmsgstr "Llame a {nombre}"\n', False),
        (PLURAL % ("Una llamada", "{n} llamadas"), True),
        (PLURAL % ("{n} llamada", "{n} llamadas"), True),
        (PLURAL % ("Una llamada", "{m} llamadas"), False),
    ],
)
def test_a_translation_that_lost_a_gap_is_found(entry, agrees):
    assert (not list(words.disagreeing(read_po(io.BytesIO(entry.encode()), charset="utf-8")))) is agrees
