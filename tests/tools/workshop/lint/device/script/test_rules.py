"""The rules of scripts, on small ones."""

from musearoo.tools.workshop.lint.device.script.rules import check_script
from tests.each_case import each_case

GOOD = """\
autowatch = 0;
inlets = 1;
outlets = 2;

var Counting = (function () {
  var STEP = 1;

  function next(count) {
    return count + STEP;
  }

  return { next: next };
}());

var state = { count: 0, get whole() { return this.count; }, "for": [1, 2, 3] };

function msg_int(value) {
  var clock = new Task(function () { outlet(1, "tick"); });
  for (var name in state) {
    if (state.hasOwnProperty(name) && /^co?unt$/gi.test(name)) {
      state.count = Counting.next(value);
    }
  }
  try {
    clock.repeat();
    outlet(0, state.count, 0x1F, "\\u00e9");
  } catch (error) {
    outlet(1, String(error), arrayfromargs(arguments).length);
  }
}
"""

PART = "var A = (function () {{ function b() {{ return 1; }} return {{ {given} }}; }}());\n"

BROKEN: tuple[tuple[str, str], ...] = (
    ("script-syntax", "function f( {\n}\n"),
    ("script-syntax", "return 1;\n"),
    ("script-syntax", "1 = 2;\n"),
    ("script-syntax", "} if (1) {\n"),
    ("script-syntax", "var a = /(/;\n"),
    ("script-es5", "function bang() { outlet(0, [1].map(x => x)); }\n"),
    ("script-es5", "function bang() { let x = 1; outlet(0, x); }\n"),
    ("script-es5", "function bang() { const x = 1; outlet(0, x); }\n"),
    ("script-es5", "function bang() { outlet(0, `a`); }\n"),
    ("script-es5", "function bang() { outlet(0, class { }); }\n"),
    ("script-es5", "function bang() { outlet(0, [...arguments]); }\n"),
    ("script-es5", "function bang(...all) { outlet(0, all); }\n"),
    ("script-es5", "function list(a = 1) { outlet(0, a); }\n"),
    ("script-es5", "function list(a) { var { b } = a; outlet(0, b); }\n"),
    ("script-es5", "function list(a) { for (var b of a) { outlet(0, b); } }\n"),
    ("script-es5", "function list(a) { outlet(0, { a }); }\n"),
    ("script-es5", "function list(a) { outlet(0, { [a]: 1 }); }\n"),
    ("script-es5", "function list(a) { outlet(0, { a() { return 1; } }); }\n"),
    ("script-es5", "function list(a) { outlet(0, a ** 2); }\n"),
    ("script-es5", "function list(a) { outlet(0, a ?? 2); }\n"),
    ("script-es5", "function list(a) { outlet(0, a?.b); }\n"),
    ("script-es5", "function bang() { outlet(0, 0b11); }\n"),
    ("script-es5", "function bang() { outlet(0, 1_000); }\n"),
    ("script-es5", "function bang() { outlet(0, /a/y); }\n"),
    ("script-es5", "function bang() { outlet(0, /(?<a>b)/); }\n"),
    ("script-es5", "function bang() { outlet(0, '\\u{1F600}'); }\n"),
    ("script-es5", "function bang() { try { outlet(0, 1); } catch { outlet(0, 2); } }\n"),
    ("script-es5", "function bang() { outlet(0, 1,); }\n"),
    ("script-es5", "function bang(a,) { outlet(0, a); }\n"),
    ("script-es5", "async function bang() { outlet(0, 1); }\n"),
    ("script-es5", "function bang() { if (inlet) { function f() { return 1; } outlet(0, f()); } }\n"),
    ("script-library", "function list(a) { outlet(0, a.includes(1)); }\n"),
    ("script-library", "function list(a) { outlet(0, 'ab'.repeat(a)); }\n"),
    ("script-library", "function list(a) { outlet(0, String(a).padStart(2, '0')); }\n"),
    ("script-library", "function list(a) { outlet(0, Object.assign({}, a)); }\n"),
    ("script-library", "function list(a) { outlet(0, Number.isInteger(a)); }\n"),
    ("script-library", "function list(a) { outlet(0, Math.trunc(a)); }\n"),
    ("script-library", "function list(a) { outlet(0, Array.from(a)); }\n"),
    ("script-global", "function bang() { outlet(0, new Map()); }\n"),
    ("script-global", "function bang() { setTimeout(bang, 1); }\n"),
    ("script-global", "function bang() { count = 1; }\n"),
    ("script-global", "function bang() { for (i = 0; i < 3; i++) { outlet(0, 1); } }\n"),
    ("script-console", 'function bang() { post("here"); }\n'),
    ("script-console", 'function bang() { error("here"); }\n'),
    ("script-twice", "function bang() { var a = 1; var a = 2; outlet(0, a); }\n"),
    ("script-unused", "function helper() { return 1; }\n"),
    ("script-unused", "function bang() { var a = 1; }\n"),
    ("script-unused", PART.format(given="b: b, c: b") + "function bang() { outlet(0, A.b()); }\n"),
    ("script-member", PART.format(given="b: b") + "function bang() { outlet(0, A.b() + A.c()); }\n"),
    ("script-outlet", "outlets = 2;\n\nfunction bang() { outlet(2, 1); }\n"),
    ("script-bytes", "function bang() { outlet(0, 1); }"),
)

RULES_BROKEN = {rule for rule, _ in BROKEN}


def test_a_good_script_is_clean() -> None:
    assert list(check_script(GOOD, "good.js", inlets=1, outlets=2, heard=frozenset())) == []


@each_case("rule, source", BROKEN)
def test_a_broken_script_is_found_by_its_rule(rule: str, source: str) -> None:
    assert {finding.rule for finding in check_script(source, "broken.js")} == {rule}


def test_a_finding_says_on_which_line() -> None:
    source = "function bang() {\n  outlet(0,\n    tempo);\n}\n"
    assert [str(finding) for finding in check_script(source, "a.js")] == [
        "a.js, line 3: tempo is a name that neither the script nor Max declares [script-global]"
    ]


def test_names_of_other_parts_are_known() -> None:
    source = "function bang() { outlet(0, WIRE.version); }\n"
    assert list(check_script(source, "a.js", known=frozenset({"WIRE"}))) == []


@each_case(
    "shadow",
    [
        "function bang() { var post = outlet; post(0, 1); }\n",
        "function list(post) { post(0, 1); }\n",
        PART.format(given="post: b") + "function bang() { outlet(0, A.post()); }\n",
        "var a = { find: function () { return 1; } };\n\nfunction bang() { outlet(0, a.find); }\n",
    ],
)
def test_a_name_of_its_own_is_not_maxs(shadow: str) -> None:
    assert list(check_script(shadow, "a.js")) == []


def test_only_what_a_message_can_call_is_asked_about() -> None:
    source = "function helper() { return 1; }\n\nfunction drums() { outlet(0, helper()); }\n"
    assert [finding.sentence for finding in check_script(source, "a.js", heard=frozenset({"drums"}))] == [
        "a message “helper” would call it, and no object sends one: say helper.local = 1"
    ]
    assert list(check_script(source + "helper.local = 1;\n", "a.js", heard=frozenset({"drums"}))) == []
