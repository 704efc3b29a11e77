"""Every line that somebody may paste, read as sh, PowerShell and Windows read it: it must mean the same to all of them.

Lines of the book, of the verdicts that the book shows, and of the verdicts that the checks have left in target/workshop."""

import json
import re
import shlex
import sys
from pathlib import Path

import tree_sitter_bash
import tree_sitter_powershell
from tree_sitter import Language, Parser

BEGINS = re.compile(r"(cargo|curl|curl\.exe|git|rustup|cd) ")
SH = Parser(Language(tree_sitter_bash.language()))
POWERSHELL = Parser(Language(tree_sitter_powershell.language()))

# What a line may be made of. Anything else is a variable, an escape, a splat, a second command.
PLAIN_SH = {"program", "command", "command_name", "word", "number", "string", "string_content", "concatenation"}
PLAIN_POWERSHELL = {
    "program", "statement_list", "pipeline", "pipeline_chain", "command", "command_name", "command_elements",
    "command_argument_sep", "command_parameter", "generic_token", "array_literal_expression", "unary_expression",
    "string_literal", "expandable_string_literal", "integer_literal", "decimal_integer_literal", "real_literal",
}

# Each of these means something else to one of them; a check that lets one through has no worth.
REFUSED = [
    r'curl -d "{\"a\": 1}" "http://127.0.0.1:3000/"',
    'curl -d @body.json "http://127.0.0.1:3000/"',
    "curl -d 'a=1' http://127.0.0.1:3000/",
    "curl http://127.0.0.1:3000/?a=1&b=2",
    'curl -H "a: $HOME" "http://127.0.0.1:3000/"',
    'curl -H "a: `b`" "http://127.0.0.1:3000/"',
    "cargo fetch && cargo build",
    'curl "http://127.0.0.1:3000/',
]


def kinds(parser, line):
    """The kinds of the named nodes, and whether any of it was not understood."""
    root = parser.parse(line.encode()).root_node
    found, left = set(), [root]
    while left:
        node = left.pop()
        found.add(node.type)
        left.extend(node.named_children)
    return found, root.has_error


def windows_arguments(line):
    """As CommandLineToArgvW splits it: a backslash counts only before a quote."""
    arguments, current, quoted, begun, at = [], "", False, False, 0
    while at < len(line):
        slashes = len(line) - at - len(line[at:].lstrip("\\"))
        at += slashes
        if slashes and line[at : at + 1] == '"':
            current += "\\" * (slashes // 2)
            begun = True
            if slashes % 2:
                current += '"'
                at += 1
            continue
        current += "\\" * slashes
        begun = begun or slashes > 0
        if at == len(line):
            break
        character = line[at]
        at += 1
        if character == '"':
            quoted, begun = not quoted, True
        elif character == " " and not quoted:
            if begun:
                arguments.append(current)
            current, begun = "", False
        else:
            current, begun = current + character, True
    return arguments + [current] if begun else arguments


def wrong(line):
    """Why the line is not the same everywhere; nothing if it is."""
    for name, parser, plain in (("sh", SH, PLAIN_SH), ("PowerShell", POWERSHELL, PLAIN_POWERSHELL)):
        found, error = kinds(parser, line)
        if error:
            return f"{name} cannot parse it"
        if found - plain:
            return f"to {name} it has a {', '.join(sorted(found - plain))}"
    if re.search(r"[`!“”„]|\\\"", line):
        return "a character in it means something to one of the shells"
    if shlex.split(line) != windows_arguments(line):
        return f"Windows splits it into {windows_arguments(line)}"
    return None


def book(root):
    for page in sorted((root / "book/src").glob("*.md")):
        fenced = False
        for number, line in enumerate(page.read_text().splitlines(), 1):
            if line.lstrip().startswith("```"):
                fenced = not fenced
            elif fenced and BEGINS.match(line.strip()):
                yield f"{page.name}:{number}", line.strip()


def shown(root):
    for file in sorted((root / "book/verdicts").glob("*.txt")):
        for line in file.read_text().splitlines():
            for part in re.split(r" {3,}", line):
                if BEGINS.match(part):
                    yield file.name, part.strip()


def printed(root):
    for file in sorted((root / "target/workshop").glob("[0-9][0-9]-*.json")):
        for check in json.loads(file.read_text())["checks"]:
            for line in (check["reproduce"] or "").splitlines():
                yield f"{file.name}, {check['name']}", line


def main(root):
    failures = [f"this line was let through: {line}" for line in REFUSED if wrong(line) is None]
    for name, lines in (("the book", book(root)), ("verdicts in the book", shown(root)), ("checks", printed(root))):
        lines = list(lines)
        print(f"{len(lines)} lines of {name}")
        if not lines:
            failures.append(f"there is no line of {name}: `cargo xtask verify --all` makes those of the checks")
        failures += [f"{place}: {why}\n  {line}" for place, line in lines if (why := wrong(line))]
    print("\n".join(failures))
    sys.exit(bool(failures))


main(Path(sys.argv[1]))
