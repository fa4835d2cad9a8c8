#!/usr/bin/env python3
"""Writes what jinja2 makes of templates in the environment of transformers.

    python jinja_cases.py       # writes ../resources/golden/jinja.json

Needs transformers and jinja2. The templates in golden/chat are those of Qwen2.5, Qwen3, Mistral Nemo, Granite 3.3 (Apache-2.0),
DeepSeek-R1-Distill and Phi-3.5 (MIT), and one of our own.
"""

import copy
import json
import random
from datetime import datetime
from pathlib import Path
from unittest import mock

from jinja2 import nodes
from transformers.utils.chat_template_utils import _cached_compile_jinja_template, _compile_jinja_template

GOLDEN = Path(__file__).parent.parent / "resources" / "golden"

NOW = datetime(2024, 7, 5, 3, 4, 9)


def turn(role, content, **more):
    return {"role": role, "content": content, **more}


CALL = {"type": "function", "id": "abcdefghi", "function": {"name": "weather", "arguments": {"city": "K\u00f6ln <&>", "days": 2, "exact": True, "at": None}}}
TOOLS = [{"type": "function", "function": {"name": "weather", "description": "Tells the 'weather'.", "parameters": {"type": "object", "properties": {"city": {"type": "string", "description": "Where"}}, "required": ["city"]}}}]
CONVERSATIONS = [
    ([turn("user", "false")], None),
    ([turn("system", " Be brief.\n"), turn("user", "What is {{ 7*7 }}?\n\n")], None),
    ([turn("system", ""), turn("user", ""), turn("assistant", "<think>\nhm\n</think>\n\n49 "), turn("user", "why \"q\" & <b> 'x' \\ \u65e5\u672c \U0001f44b")], None),
    ([turn("user", "a"), turn("assistant", "b "), turn("user", "0"), turn("assistant", "None"), turn("user", "e")], None),
    ([turn("system", "S"), turn("user", "Weather?"), turn("assistant", "", tool_calls=[CALL]), turn("tool", "{\"sun\": 1}", tool_call_id="abcdefghi"), turn("assistant", "Sunny."), turn("user", "Thanks")], TOOLS),
]

# Variables of the random cases.
VALUES = {
    "s": "Hello W\u00f6rld", "e": "", "f": "false", "t": "  a, b,,c \n", "u": "a\U0001f44bb", "i": 7, "n": -3, "z": 0, "x": 2.5, "y": 1e20,
    "yes": True, "no": False, "nil": None, "l": [3, 1, 2], "w": ["b", "A", "c", "a"], "m": {"b": 1, "a": [1, 2.0, None], "items": "k"},
    "p": [{"role": "user", "n": 2}, {"role": "bot", "n": 1}, {"n": 3}], "q": "it's \"q\" <b>&\\\n", "g": [[1, "a"], [2, "b"]],
}
ATOMS = list(VALUES) + ["nope", "'ab'", "'-'", "\"a\" 'b'", "'\\n\\u00e9\\x41\\q'", "1", "0", "2", "-1", "3.0", "1e3", "true", "None", "[1, 'a', none]", "(1, 2)", "('x',)", "{'k': 1, 2: 'v'}", "[]", "{}", "range(4)", "1_000", "0x1f"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
METHODS = [".strip()", ".strip('a ')", ".lstrip()", ".rstrip('\\n')", ".split()", ".split(',')", ".split('l', 1)", ".rsplit(',', 1)", ".splitlines()", ".partition('l')", ".rpartition('l')",
    ".startswith('H')", ".endswith(('d', 'b'))", ".replace('l', 'L', 1)", ".replace('', '.')", ".upper()", ".lower()", ".title()", ".capitalize()", ".find('l')", ".rfind('l')", ".index('a')", ".count('l')",
    ".join(w)", ".format(1, k='v')", ".removeprefix('He')", ".removesuffix('d')", ".isdigit()", ".isalpha()", ".isspace()", ".isupper()", ".zfill(6)", ".ljust(8)", ".rjust(8, '*')", ".center(9)", ".swapcase()", ".startswith('l', -3)", ".endswith('o', -9, -1)", ".find('l', -4)", ".rfind('', -1)", ".count('', -2)", ".count('l', -9, 4)", ".index('', 99)", ".find('', 2, 1)", ".split(none, 1)", ".rsplit(None, 1)", ".casefold()", ".keys()[0]", ".keys()|list", ".items()|length", ".values() + [1]", ".keys()|tojson",
    ".items()", ".keys()", ".values()", ".get('a')", ".get('zz', 'd')", ".append(1)", ".items", ".role", "['a']", "['role']", "[0]", "[-1]", "[9]", "[1:]", "[:-1]", "[::-1]", "[::2]", "[-2:]", "[5:1:-2]", ".index(1)", ".count(1)", ".a.b", ".nomethod()"]
FILTERS = ["abs", "batch(2)|list", "capitalize", "center(9)", "count", "d('D')", "default('D', true)", "dictsort", "dictsort(by='value')", "e", "first", "float", "format('a')", "groupby('n')", "indent", "indent(2, true)", "int", "int(5)", "items|list", "join", "join(', ')", "join('+', attribute='n')", "last", "length", "list", "lower",
    "map('string')|list", "map('upper')|join", "map(attribute='n')|list", "map(attribute='role', default='-')|list", "max", "min", "reject('none')|list", "rejectattr('role')|list", "replace('l', '1')", "reverse|list", "reverse", "round", "round(1)", "round(0, 'floor')", "safe", "select|list", "select('number')|list", "select('gt', 1)|list",
    "selectattr('role', 'equalto', 'user')|list", "selectattr('n', 'gt', 1)|map(attribute='n')|list", "slice(2)|list", "sort", "sort(reverse=true)", "sort(attribute='n')", "string", "striptags", "sum", "sum(attribute='n')", "title", "tojson", "tojson(indent=2)", "tojson(sort_keys=true)", "tojson(ensure_ascii=true)", "tojson(separators=(',', ':'))",
    "trim", "trim('ab')", "truncate(6)", "truncate(5, true, '.', 0)", "unique|list", "upper", "urlencode", "wordcount", "nofilter"]
TESTS = ["boolean", "callable", "defined", "undefined", "divisibleby(3)", "divisibleby 2", "eq(1)", "even", "odd", "false", "true", "float", "integer", "number", "none", "string", "mapping", "sequence", "iterable", "in([1, 7])", "lt(5)", "ge 1", "lower", "upper", "sameas(none)", "sameas true", "notest"]
PERCENT = ["'%s'", "'%5s|'", "'%-5s|'", "'%d'", "'%05d'", "'%+d'", "'%.2f'", "'%8.3f'", "'%r'", "'%x'", "'%s %s'", "'%(k)s'", "'%%'", "'%.1s'"]
BRACES = ["'{}'", "'{0}{0}'", "'{:>5}'", "'{:05d}'", "'{:.1f}'", "'{:,}'", "'{!r:^9}'", "'{k}'", "'{{}}'", "'{:+}'"]
STATEMENTS = [
    "{{% set ns = namespace(l=1) %}}{{% for v in {0} if v != ns.l %}}{{{{ v }}}};{{% set ns.l = v %}}{{% endfor %}}",
    "{{% set ns = namespace(l=1) %}}{{% for v in {0} if v != ns.l %}}{{{{ loop.last }}}}{{{{ v }}}};{{% set ns.l = v %}}{{% endfor %}}",
    "{{% set ns = namespace(l=1) %}}{{% for v in {0} if v != ns.l %}}{{{{ loop.index }}}}{{{{ loop.length }}}}{{% set ns.l = v %}}{{% endfor %}}",
    "{{% print {0}, {1} %}}{{% print {0} %}}",
    "{{% set a = 1 %}}{{% for v in {0} %}}{{% set a = v %}}{{{{ a }}}},{{% else %}}E{{% endfor %}}{{{{ a }}}}",
    "{{% for v in {0} if v %}}{{{{ loop.index }}}}{{{{ loop.previtem }}}}{{{{ loop.nextitem is defined }}}}{{{{ loop.revindex0 }}}}{{{{ loop.last }}}}{{{{ loop.cycle('a', 'b') }}}}{{{{ loop.changed(v) }}}};{{% endfor %}}",
    "{{% for k, v in {0} %}}{{{{ k }}}}={{{{ v }}}} {{% endfor %}}",
    "{{% if {0} %}}T{{% elif {1} %}}U{{% else %}}F{{% endif %}}",
    "{{% set ns = namespace(a={0}) %}}{{% for v in [1, 2] %}}{{% set ns.a = ns.a ~ v %}}{{% endfor %}}{{{{ ns.a }}}}",
    "{{% macro f(a, b={0}, c='d') %}}<{{{{ a }}}}{{{{ b }}}}{{{{ c }}}}{{{{ varargs }}}}{{{{ kwargs }}}}>{{% endmacro %}}{{{{ f({1}) }}}}{{{{ f(1, 2, 3, 4, d=5) }}}}{{{{ f(c=1) }}}}",
    "{{% macro f() %}}[{{{{ caller(1) }}}}]{{% endmacro %}}{{% call(v) f() %}}{{{{ v }}}}{{{{ {0} }}}}{{% endcall %}}",
    "{{% set a %}} {{{{ {0} }}}} {{% endset %}}[{{{{ a|trim }}}}]{{% set b | upper %}}x{{{{ {1} }}}}{{% endset %}}{{{{ b }}}}",
    "{{% filter upper %}}a{{{{ {0} }}}}{{% endfilter %}}{{% with v = {1}, w = 2 %}}{{{{ v }}}}{{{{ w }}}}{{% endwith %}}{{{{ v }}}}",
    "{{% for v in [1, 2, 3] %}}{{% if v == 2 %}}{{% continue %}}{{% endif %}}{{{{ v }}}}{{% if {0} %}}{{% break %}}{{% endif %}}{{% else %}}E{{% endfor %}}",
    "a\n  {{%- if {0} %}}\n b\n  {{% else +%}}\n c {{% endif -%}}\n\n d\n  {{#- no -#}}\n e {{{{- {1} -}}}} \n",
    "  {{% if {0} %}}\n    x\n  {{%+ endif %}}\n{{# no #}}\n\t{{% raw %}}{{{{ y }}}}{{% endraw %}}\n z\n\n",
    "{{% generation %}}{{{{ {0} }}}}{{% set a = 1 %}}{{% endgeneration %}}{{{{ a }}}}",
    "{{% set a, b = {0} %}}{{{{ b }}}}{{{{ a }}}}",
    "{{{{ {0} if {1} }}}}|{{{{ 1 if {0} else 2 if {1} else 3 }}}}",
    "{{{{ not {0} is defined }}}}{{{{ not {1} in [1] }}}}{{{{ 0 < {0} <= 7 }}}}",
    "{{{{ dict(a={0}).a }}}}{{{{ [{0}, {1}] }}}}{{{{ {{'k': {0}}} }}}}{{{{ ({1},) }}}}",
    "{{% if no %}}{{{{ x | nofilter }}}}{{% endif %}}{{{{ {0} }}}}",
    "{{{{ {0} }}", "{{% if {0} %}}", "{{{{ {0} | }}}}", "{{{{ nofn({0}) }}}}", "{{% nostatement %}}{{{{ {0} }}}}",
]


def expression(rng, depth=0):
    kind = rng.randrange(10) if depth < 3 else 0
    deeper = lambda: expression(rng, depth + 1)
    if kind <= 1:
        return rng.choice(ATOMS)
    if kind == 2:
        return f"{deeper()} {rng.choice(BINARY)} {deeper()}"
    if kind <= 4:
        return f"({deeper()}){rng.choice(METHODS)}" if rng.random() < 0.4 else f"{rng.choice(ATOMS[:21])}{rng.choice(METHODS)}"
    if kind <= 6:
        return f"{rng.choice(ATOMS)}|{rng.choice(FILTERS)}" if rng.random() < 0.7 else f"({deeper()})|{rng.choice(FILTERS)}"
    if kind == 7:
        return f"{rng.choice(ATOMS)} is {rng.choice(['', 'not '])}{rng.choice(TESTS)}"
    if kind == 8:
        return f"{rng.choice(PERCENT)} % {deeper()}" if rng.random() < 0.5 else f"{rng.choice(BRACES)}.format({rng.choice(ATOMS)})"
    return f"{rng.choice(['not ', '-', ''])}({deeper()})"


def rendered(template, **variables):
    try:
        text = _compile_jinja_template(template).render(**copy.deepcopy(variables))
    except Exception:  # whatever it is, ours must fail too
        return {}
    return {"text": text} if " at 0x" not in text and "built-in" not in text else None


def is_forgiven(template):
    """Whether jinja2, computing beforehand, makes something undefined of a constant, such as 5[1:], that Python refuses."""
    try:
        with mock.patch.object(nodes.Getitem, "as_const", side_effect=nodes.Impossible):
            _cached_compile_jinja_template(template).render(**copy.deepcopy(VALUES))
        return False
    except Exception:
        return True


def random_cases(count):
    rng = random.Random(20260101)
    cases = []
    while len(cases) < count:
        if len(cases) % 5 < 3:
            template = "{{ " + expression(rng) + " }}"
        else:
            template = rng.choice(STATEMENTS).format(expression(rng, 2), expression(rng, 2))
        outcome = rendered(template, **VALUES)
        if outcome and is_forgiven(template):
            continue
        if outcome is not None and (outcome or rng.random() < 0.4) and len(outcome.get("text", "")) < 400:
            cases.append({"template": template, **outcome})
    return cases


FIXED = [
    "{% for v in [1, 1, 2] if v != s %}{{ v }}{% endfor %}", "{% print 1, 2 %}", "{% print %}", "{{ m.keys() }}{{ m.values() }}{{ m.items() }}", "{{ m.keys() == ['b', 'a', 'items'] }}", "{{ m.keys() is sequence }}{{ m.keys() is iterable }}",
    "{{ 'a' in m.keys() }}{{ ('b', 1) in m.items() }}{{ m.keys() == dict(m).keys() }}{{ m.values() == m.values() }}", "{{ m.keys()|first }}{{ m.values()|list|last }}", "{{ {m.keys(): 1} }}", "{{ m.keys()[0] }}", "{{ 'abc'.startswith('c', -1) }} {{ 'abcb'.find('b', -2) }} {{ 'abcb'.count('b', -3) }}",
    "{{ '  1  2   3  '.split(none, 1) }}{{ '  1  2   3  '.rsplit(none, 1) }}{{ '  1  2   3  '.split(maxsplit=2) }}", "{{ '%*d|%-*d|%.*f' % (5, 1, 5, 2, 1, 2.55) }}{{ '%*d' % (-4, 7) }}", "{{ '{:%}'.format(1e308) }}{{ '{:.0%}'.format(0.5) }}", "{{ 'abc'|truncate(9223372036854775807) }}",
    "{{ '-5'.zfill(-9223372036854775807 - 1) }}{{ 'a'.ljust(-3) }}", "{{ (1, 2.0) in {(1, 2): 3} }}{{ {1: 'a', true: 'b', 1.0: 'c'} }}{{ {range(3): 1}[range(0, 3, 1)] }}", "{{ range(9223372036854775806, 9223372036854775807)|list }}", "{{ '\u03a3\u0391\u03a3 \u03a3.\u03a3'.lower() }}{{ '\u1fb3\u00df\ufb03\u0130'.upper() }}{{ '\u0130'.lower() }}{{ '\u0130\u03a3'.swapcase() }}{{ '\u01c6\u00dfa'.title() }}",
    "{{ 'x y'|urlencode }}{{ {'a b': '/\u00e9'}|urlencode }}", "{{ '\x7f\x01'|tojson(ensure_ascii=true) }}", "{{ [1]|tojson(indent=120)|length }}", "{{ 1.7e308|round(-308) }}", "{% set g = [1, 2, 3]|map('string') %}{% for a in g %}{{ a }}{{ g|list }}{% endfor %}", "{{ nope|last }}|{{ 5e-324 }}|{{ 1e23 }}|{{ 2e-44 }}",
]


def fixed():
    return [{"template": t, **(rendered(t, **VALUES) or {})} for t in FIXED]


def times():
    """What strftime gives on a day of each month and around the turns of years."""
    days = [datetime(2026, month, 28, 13, 4, 9) for month in range(1, 13)]
    days += [datetime(year, *day, 0, 59, 1) for year in (2020, 2021, 2022, 2027) for day in ((1, 1), (1, 2), (1, 3), (12, 31))]
    form = "%Y-%m-%d %H:%M:%S %b %B %h %a %A %p %I %j %y %e %-d %-m %-I %% %U %W %V %G %u %w %c %x %X %D %F %T %R %r %C %k %f"
    return [{"at": day.isoformat() + "Z", "form": form, "text": day.strftime(form)} for day in days]


def main():
    published = []
    for file in sorted((GOLDEN / "chat").glob("*.jinja")):
        for number, (messages, tools) in enumerate(CONVERSATIONS):
            outcome = rendered(file.read_text(), messages=messages, tools=tools, documents=None,
                               add_generation_prompt=number != 3, bos_token="<s>", eos_token="</s>", strftime_now=NOW.strftime)
            published.append({"file": file.name, "conversation": number, **outcome})
    conversations = [{"messages": m, "tools": t} for m, t in CONVERSATIONS]
    cases = {"conversations": conversations, "published": published, "values": VALUES, "random": random_cases(600), "times": times(), "fixed": fixed()}
    (GOLDEN / "jinja.json").write_text(json.dumps(cases, indent=0, ensure_ascii=False) + "\n")
    print(len(published), sum("text" in c for c in published), len(cases["random"]), sum("text" in c for c in cases["random"]))


if __name__ == "__main__":
    main()
