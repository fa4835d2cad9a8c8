package dev.littoral.engine.jinja;

import dev.littoral.engine.ChatTemplateException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Templates that ask for more time, memory, depth or digits than there is; each must end in our own exception. */
final class HostileTemplates {

    /** A text near the longest that a template may make, of one byte and of two bytes per character. */
    private static final String LONG = "{% set s = 'a' * 2000000 %}";

    private static final String WIDE = "{% set s = '\u65e5' * 2000000 %}";

    private static final String ENDLESS =
            "{% for i in range(100000) %}{% for j in range(100000) %}{% for k in range(100000) %}{% endfor %}{% endfor %}"
                    + "{% endfor %}";

    /** 90,000 pairs of a key and 1, built in three levels, since a list costs what it holds each time that it grows. */
    private static final String PAIRS =
            "{% set n = namespace(p=[]) %}{% for a in range(300) %}{% set n.q = [] %}{% for b in range(300) %}"
                    + "{% set k = a * 300 + b %}{% set n.q = n.q + [(KEY, 1)] %}{% endfor %}{% set n.p = n.p + [n.q] %}"
                    + "{% endfor %}{% set n.f = [] %}{% for q in n.p|batch(30) %}{% set n.g = [] %}{% for r in q %}"
                    + "{% set n.g = n.g + r %}{% endfor %}{% set n.f = n.f + n.g %}{% endfor %}{% set d = dict(n.f) %}";

    private static final List<String> AS_THEY_STAND = List.of(
            // sizes that overflow
            "{% set a = 'x'.ljust(4611686018427387905, '\ud83d\ude00') %}" + ENDLESS,
            "{% set a = 'x'.center(4611686018427387905, '\ud83d\ude00') %}" + ENDLESS,
            "{% set a = 'x' * 9223372036854775807 %}" + ENDLESS,
            "{% set a = [1, 2] * 9223372036854775807 %}" + ENDLESS,
            "{{ [1]|slice(9223372036854775807)|list }}",
            "{{ [1]|slice(100000)|list|length }}" + ENDLESS,
            "{{ [1]|batch(9223372036854775807, 0)|list }}",
            "{{ '\ud83d\ude00'.ljust(9223372036854775807) }}",
            "{{ '%*s' % (9223372036854775807, '\ud83d\ude00') }}",
            "{{ '%*s' % (-9223372036854775807 - 1, 'a') }}",
            "{{ '%.*f' % (2147483648, 1.5) }}",
            "{{ '%.*d' % (2147483648, 1) }}",
            "{{ 9223372036854775807|round(-1) }}",
            "{{ 1.7e308|round(-308) }}",
            "{{ 'a'|indent(9223372036854775807) }}",
            "{{ [1]|tojson(indent=9223372036854775807) }}",
            "{{ 'x' * 100000000 }}",
            "{{ [1] * 100000000 }}",
            "{{ range(1000000) }}",
            "{{ range(-9223372036854775807, 9223372036854775807) }}",
            "{{ range(9223372036854775807)[::9223372036854775807] }}",
            "{{ 'x'.center(999999999) }}",
            "{{ '%999999999d' % 1 }}",
            "{{ '{:999999999}'.format(1) }}",
            "{{ 2 ** 999999999 }}",
            // values within values
            "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ n.x in {} }}",
            "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ {n.x: 1} }}",
            "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ {}.get(n.x) }}",
            "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ {}[n.x] }}",
            "{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ [n.x]|unique|list }}",
            "{% set n = namespace(x=[]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
            "{% set n = namespace(x=[]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x|tojson }}",
            "{% set n = namespace(x=[], y=[]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}"
                    + "{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}",
            "{% set n = namespace(x=[], y=[]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}"
                    + "{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x < n.y }}",
            "{% set n = namespace(x=[]) %}{% for i in range(99999) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x }}",
            "{% set n = namespace(x=(1,)) %}{% for i in range(99999) %}{% set n.x = (n.x,) %}{% endfor %}{{ {n.x: 1}|length }}",
            "{% set n = namespace() %}{% set n.x = n %}{{ n }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m(a=m()) %}{% endmacro %}{{ m() }}",
            "{% macro m(n, a=(m(n - 1) if n else '%5d' % 3)) %}{% endmacro %}{{ m(193) }}",
            "{% macro m() %}{% for i in [1] %}{% if true %}{% with a = [(m())] %}{% endwith %}{% endif %}{% endfor %}{% endmacro %}{{ m() }}",
            // long texts, read again and again
            LONG + ENDLESS.replace("{% for k", "{% if s is upper and s is lower %}{% endif %}{% for k"),
            LONG + "{{ ([s] * 100000)|select('upper')|list }}",
            LONG + "{% for i in range(100000) %}{% if ([s] * 10)|reject('lower')|list %}{% endif %}{% endfor %}",
            "{% set s = ('ab' * 1000000)|safe %}{{ ([s] * 100000)|map('wordcount')|list }}",
            LONG + "{% for i in range(100000) %}{% if ([s] * 10)|map('wordcount')|sum %}{% endif %}{% endfor %}",
            WIDE + "{{ ([s] * 100000)|map(attribute='0')|list }}",
            WIDE + "{{ ([s] * 100000)|join(attribute='0') }}",
            WIDE + "{% for i in range(100000) %}{% if s[1000000] %}{% endif %}{% endfor %}",
            WIDE + "{{ ('{0[0]:s}' * 200000).format(s) }}",
            "{% for i in range(100000) %}{% if ('{0[0]:d}' * 10000).format(range(100000)) %}{% endif %}{% endfor %}",
            WIDE + "{{ ('%(a).1s' * 200000) % {'a': s} }}",
            LONG + "{% set t = s[1:] ~ 'b' %}{{ s.startswith((t,) * 100000) }}" + ENDLESS,
            LONG + "{% set t = s[1:] ~ 'b' %}{{ s.endswith((t,) * 100000) }}" + ENDLESS,
            WIDE + "{% set t = s[1:] ~ 'b' %}{{ ([s, t] * 50000)|sort(case_sensitive=true)|length }}",
            WIDE + "{% set t = s[1:] ~ 'b' %}{{ ([s, t] * 50000)|max(case_sensitive=true) }}" + ENDLESS,
            WIDE + "{% set t = s[1:] ~ 'b' %}{{ ([s, t] * 50000)|unique(case_sensitive=true)|list }}",
            LONG + "{% set t = s[1:] ~ 'b' %}{{ [t] * 100000 == [s] * 100000 }}{{ ([t] * 100000).count(s) }}" + ENDLESS,
            LONG + "{% for i in range(100000) %}{% if {s: 1}[s] and s in {s: 1} %}{% endif %}{% endfor %}",
            LONG + "{% set n = namespace(x=s) %}{% for i in range(9999) %}{% set n.x = n.x.swapcase() %}{% endfor %}",
            "{% set r = range(100000) %}{% for i in range(100000) %}{% for j in range(100000) %}{% if r == r %}{% endif %}"
                    + "{% endfor %}{% endfor %}",
            "{% set r = range(100000)|list %}{% for i in range(100000) %}{% if r == r[:] or -1 in r or r.count(1) %}"
                    + "{% endif %}{% endfor %}",
            // case that grows, or that depends on what is around
            "{{ ('\ufb03' * 600000)|upper }}" + ENDLESS,
            "{{ ('\u00df' * 900000)|upper }}" + ENDLESS,
            "{{ ('\u0130' * 900000)|lower }}" + ENDLESS,
            "{{ ('\u03a3' * 1900000)|lower }}" + ENDLESS,
            "{{ ('\u0130' * 900000)|int }}{{ ('\u0130' * 900000)|float }}" + ENDLESS,
            // more in memory than there is
            "{% set n = namespace(x=[]) %}{% for i in range(100) %}{% set n.x = n.x + ['\u65e5' * 2000000] %}{% endfor %}",
            "{% set s = ' ' ~ '\u65e5' * 1999999 %}{% set n = namespace(x=[]) %}{% for i in range(300) %}"
                    + "{% set n.x = n.x + [s.strip()] %}{% endfor %}",
            "{% set s = ' ' ~ '\u65e5' * 1999999 %}{% set n = namespace(x=[]) %}{% for i in range(300) %}"
                    + "{% set n.x = n.x + [s|trim] %}{% endfor %}",
            "{% set s = ' ' ~ '\u65e5' * 1999999 %}{% set n = namespace(x=[]) %}{% for i in range(300) %}"
                    + "{% set n.x = n.x + [s.split()] %}{% endfor %}",
            "{% set s = ' ' ~ '\u65e5' * 1999999 %}{% set n = namespace(x=[]) %}{% for i in range(300) %}"
                    + "{% set n.x = n.x + [s.partition(' ')] %}{% endfor %}",
            "{% set s = ' ' ~ '\u65e5' * 1999999 %}{% set n = namespace(x=[]) %}{% for i in range(300) %}"
                    + "{% set n.x = n.x + [s.removeprefix(' ')] %}{% endfor %}",
            "{% set s = ' ' ~ '\u65e5' * 1999999 %}{% set n = namespace(x=[]) %}{% for i in range(300) %}"
                    + "{% set n.x = n.x + [s.splitlines(), s[1:], s.rsplit(None, 1), s|truncate(1900000)] %}{% endfor %}",
            "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% set n.x = [n.x, range(100000)|list] %}{% endfor %}",
            "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% set n.x = [n.x, dict(a=1, b=2, c=3)] %}{% endfor %}"
                    + ENDLESS,
            "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% macro m() %}{% endmacro %}{% set n.x = [n.x, m] %}"
                    + "{% endfor %}" + ENDLESS,
            "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% for j in range(100000) if i %}"
                    + "{% set n.x = [n.x, loop, loop.cycle, {}.nothing, j|string, 'a'.strip] %}{% endfor %}{% endfor %}",
            "{% set n = namespace(x=[]) %}{% for i in range(100000) %}{% for c in 'abc' * 10000 %}{% set n.x = [n.x, c] %}"
                    + "{% endfor %}{% endfor %}",
            "{% set n = namespace(x='') %}{% for i in range(100000) %}{% set n.x = n.x ~ 'abcdefgh' %}{% endfor %}{{ n.x }}",
            "{{ 'x'.strip('\u65e5' * 16000000) }}",
            "{{ 'x'.strip('\u65e5' * 2000000) }}" + ENDLESS,
            "{{ ('\\x01' * 2000000)|tojson }}",
            "{{ ['\\x01' * 2000000]|string }}",
            "{{ ('\u65e5' * 2000000)|urlencode }}",
            "{{ (''|safe) + '\"' * 2000000 }}",
            "{{ ('\"' * 2000000)|e }}",
            "{{ ('x' * 2000000).replace('', '.') }}",
            "{{ ('\ud83d\ude00' * 1000000)[::-1] }}" + ENDLESS,
            "{{ ('<' * 2000000)|striptags }}" + ENDLESS,
            "{{ ([('a' * 100, 'b' * 40)] * 100000)|urlencode }}",
            "{{ ('aab' * 600000).find('a' * 999999 ~ 'b') }}{{ ('a' * 1999999).count('a' * 999999 ~ 'b') }}" + ENDLESS,
            PAIRS.replace("KEY", "'k%d' % k")
                    + "{% macro m(i) %}{{ kwargs|length }}{% if i < 95 %}{{ m(i + 1, **d) }}{% endif %}{% endmacro %}{{ m(0, **d) }}",
            PAIRS.replace("KEY", "(k, -31 * k)") + "{{ d|length }}" + ENDLESS,
            PAIRS.replace("KEY", "k")
                    + "{{ d.values()|list }}{{ d|dictsort(reverse=true)|list }}{{ d.items() == d.items() }}" + ENDLESS,
            // what ended in an exception that is not ours
            "{{ 9223372036854775807|abs + 1 }}",
            "{{ strftime_now('%c' * 2000) }}",
            "{% for i in range(100000) %}{% if strftime_now('%c' * 500) %}{% endif %}{% endfor %}");

    private HostileTemplates() {}

    static List<String> all() {
        List<String> all = new ArrayList<>(AS_THEY_STAND);
        all.add("{{ [" + "1,".repeat(1_500_000) + "] }}");
        all.add("{{ [" + "1,".repeat(500_000) + "] }}");
        all.add("{{ " + "1+".repeat(20_000) + "1 }}");
        all.add("{{ " + "x.a" + ".a".repeat(20_000) + " }}");
        all.add("{{ " + "not ".repeat(5000) + "x }}");
        all.add("{{ " + "-".repeat(5000) + "1 }}");
        all.add("{{ " + "(".repeat(5000) + "1 }}");
        all.add("{{ " + "1 if a else ".repeat(5000) + "1 }}");
        all.add("{{ " + "9".repeat(900_000) + " }}");
        all.add("{{ x." + "a".repeat(900_000) + ".b }}");
        all.add("{% if a %}x" + "{% elif b %}y".repeat(100_000) + "{% endif %}");
        all.add("{% macro m() %}".repeat(5000) + "{% endmacro %}".repeat(5000));
        all.add("{{a}}".repeat(200_000));
        all.add("{% raw %}" + "{% ".repeat(300_000));
        all.add("{#".repeat(500_000));
        all.add("{% set n = namespace() %}" + nestedLoops(60));
        return all;
    }

    /** Renders one; empty when it ends in our own exception with its line, else what came instead. */
    static String outcome(String template, Duration maxTime) {
        String told = template.length() > 200 ? template.substring(0, 200) + ".." : template;
        try {
            String text = Template.of(template, Clock.systemUTC(), maxTime).render(Map.of());
            return told + " gives " + text.length() + " characters";
        } catch (ChatTemplateException e) {
            String message = String.valueOf(e.getMessage());
            return message.length() < 1000 && message.matches("(?s).*line [0-9]+.*") ? "" : told + " says " + message;
        } catch (RuntimeException | Error e) {
            return told + " ends in " + e;
        }
    }

    private static String nestedLoops(int depth) {
        return "{% for a in range(100000) %}{% if true %}".repeat(depth / 2)
                + "{% endif %}{% endfor %}".repeat(depth / 2);
    }
}
