"""Guide tests as an editor runs them: what passes, what fails and where, what they cover."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assist.guide.load import Book, load_book
from assist.search.kept import KeptVectors
from assist.train.examine import Exam, examine

GUIDE = """\
id: box.dark
title: 光猫不亮
lang: zh
owner: 测试
slots:
  name: {label: 姓名, type: name, from: "{{ customer.name }}"}
  light:
    label: 指示灯
    choices: {red: 红灯, dark: 不亮}
    hear: {red: [亮着红灯], dark: [一个灯都没有]}
steps:
  - {id: hello, say: "{{ customer.surname }}您好，我来看看。", must_say: true}
  - id: light
    ask: light
    say: 光猫亮什么灯？
    choices: {red: file}
    otherwise: plug
    next: plug
  - {id: plug, say: 请插紧电源。, solves: true, next: done}
  - {id: done, end: solved, disposition: 指导恢复}
  - {id: file, ticket: repair, fill: {fault: "{{ slots.light }}"}}
  - {id: close, end: ticket, disposition: 报修}
"""
TICKET = """\
id: repair
title: 报修
group: 装维
deadline_h: 24
fields:
  name: {label: 姓名, from: "{{ slots.name }}"}
  fault: {label: 故障, required: true}
"""
HEAD = """\
guide: box.dark
customers:
  wang: {id: C1, name: 王明, surname: 王, phone: "13912345678"}
cases:
"""
RED = """\
  - case: 红灯报修
    caller: wang
    turns:
      - customer: 亮着红灯。
    expect:
      path: [hello, light, file, close]
      absent: [plug]
      shown: {hello: 王您好}
      slots: {light: red}
      ticket: {type: repair, fields: {name: 王明, fault: 红灯}}
      outcome: ticket
      disposition: 报修
"""
DARK = """\
  - case: 不亮
    turns:
      - at: light
      - answer: ""
    expect: {path: [hello, light, plug, done], solved: true, outcome: solved}
"""


def unlike(text: str, phrases: Sequence[str]) -> list[float]:
    return [0.0 for _ in phrases]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tickets" / "repair.yaml").write_text(TICKET, "utf-8")
    (tmp_path / "box.dark.yaml").write_text(GUIDE, "utf-8")
    return tmp_path


def run(folder: Path, cases: str) -> Exam:
    (folder / "tests" / "box.dark.yaml").write_text(HEAD + cases, "utf-8")
    exams, problems = examine(folder, load_book(folder), unlike)
    assert not problems
    (exam,) = exams
    return exam


def lines(exam: Exam) -> list[tuple[int, str]]:
    first = HEAD.count("\n")
    return [(p.line - first, p.said.en.split(": ", 1)[1]) for p in exam.problems]


def test_a_case_that_goes_as_expected_passes(folder: Path) -> None:
    exam = run(folder, RED + DARK)
    assert [trial.passed for trial in exam.trials] == [True, True]
    assert exam.coverage and not exam.coverage.missing_steps
    assert exam.coverage.missing_branches == [("light", "answered")]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("path: [hello, light, file", "path: [hello, light, plug", 6, "after 'light' (红灯, heard"),
        ("absent: [plug]", "absent: [file]", 7, "'file' was shown"),
        ("shown: {hello: 王您好}", "shown: {hello: 李您好}", 8, "“李您好” expected, the agent was"),
        ("slots: {light: red}", "slots: {light: dark}", 9, "'dark' expected, found 'red' (heard)"),
        ("name: 王明, fault", "name: 王小明, fault", 10, "'王小明' expected, found '王明'"),
        ("outcome: ticket", "outcome: solved", 11, "solved expected, the call ended ticket"),
        ("disposition: 报修", "disposition: 已修", 12, "'已修' expected, found '报修'"),
    ],
)
def test_each_expectation_that_fails_is_told_at_its_line(
    folder: Path, right: str, wrong: str, line: int, message: str
) -> None:
    found = lines(run(folder, RED.replace(right, wrong)))
    assert [at for at, _ in found] == [line]
    assert found[0][1].startswith(message)


def test_what_was_heard_instead_is_told(folder: Path) -> None:
    ((line, message),) = lines(run(folder, DARK.replace('answer: ""', "customer: 亮着红灯")))[:1]
    assert line == 5
    assert "from “亮着红灯”" in message and "came file → close" in message


def test_a_turn_that_makes_no_sense_stops_the_case_there(folder: Path) -> None:
    ((line, message),) = lines(run(folder, DARK.replace("at: light", "tick: plug")))
    assert line == 3 and "not the current one" in message


def test_a_diagnosis_the_case_does_not_answer_is_told(folder: Path) -> None:
    text = GUIDE.replace(
        "  - id: light\n",
        "  - {id: probe, diagnose: line.probe, manual: light}\n  - id: light\n",
        1,
    )
    (folder / "box.dark.yaml").write_text(text, "utf-8")
    ((line, message),) = lines(run(folder, DARK))
    assert line == 1 and "asks line.probe; the case has no answer" in message
    down = DARK.replace("    turns:", "    desk: {line.probe: down}\n    turns:").replace(
        "[hello, light", "[hello, probe, light"
    )
    assert run(folder, down).failed == 0


def test_names_that_do_not_exist_are_problems_of_the_file(folder: Path) -> None:
    cases = RED.replace("caller: wang", "caller: wnag").replace("absent: [plug]", "absent: [plgu]")
    (folder / "tests" / "box.dark.yaml").write_text(HEAD + cases, "utf-8")
    exams, problems = examine(folder, load_book(folder), unlike)
    assert [p.rule for p in sorted(problems)] == ["fixture-unknown", "target-unknown"]
    assert exams == []


def test_a_broken_file_is_named_and_hides_no_other(folder: Path) -> None:
    other = GUIDE.replace("box.dark", "box.red")
    (folder / "box.red.yaml").write_text(other, "utf-8")
    cases = (HEAD + RED).replace("box.dark", "box.red")
    (folder / "tests" / "box.red.yaml").write_text(cases, "utf-8")
    (folder / "tests" / "box.dark.yaml").write_text("cases: [{case: x", "utf-8")
    exams, problems = examine(folder, load_book(folder), unlike)
    assert [p.rule for p in problems] == ["yaml-syntax"]
    assert [(exam.guide, exam.failed) for exam in exams] == [("box.red", 0)]


def test_a_customer_interrupts_before_the_agent_reads_on(folder: Path) -> None:
    cases = """\
  - case: 抢着说
    turns:
      - interrupts: 亮着红灯！
    expect: {path: [hello, light, file, close], slots: {light: red}, outcome: ticket,
      ticket: {type: repair}}
"""
    assert run(folder, cases).problems == ()


class Counting:
    name = "counting"
    dimension = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]):
        import numpy as np

        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_vectors_are_kept_between_runs(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    first = KeptVectors(Counting(), path)
    first.encode(["一", "三个字"])
    first.keep()
    counting = Counting()
    second = KeptVectors(counting, path)
    assert second.encode(["三个字", "新的"])[:, 0].tolist() == [3, 2]
    assert counting.asked == ["新的"]
    path.write_bytes(b"broken")
    assert KeptVectors(Counting(), path).encode(["一"]).shape == (1, 2)


def test_a_guide_without_tests_has_no_coverage(folder: Path) -> None:
    (folder / "tests" / "box.dark.yaml").unlink(missing_ok=True)
    exams, _ = examine(folder, load_book(folder), unlike)
    assert [(exam.guide, exam.trials, exam.coverage) for exam in exams] == [("box.dark", (), None)]
    assert isinstance(load_book(folder), Book)
