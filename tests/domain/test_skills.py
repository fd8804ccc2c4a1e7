"""Skills under one name each, however a list writes them."""

import tomllib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.skills import FILE, _key, known_skill

GROUPS = tomllib.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Kubernetes", "k8s; K8S; kubernetes; Kubernetes (k8s); Kubernetes 1.29"),
        ("JavaScript", "JS; Javascript; java script; ES6; ECMAScript"),
        ("React", "React.js; ReactJS; react JS; REACT; React 18"),
        ("PostgreSQL", "postgres; Postgre SQL; PostgreSQL 16; psql"),
        ("C#", "C sharp; c#; CSharp; C# 12"),
        ("C++", "cpp; C++; c++17; C plus plus"),
        ("C", "C; c; język C"),
        (".NET", "dotnet; .Net; NET; .NET 8"),
        ("Java", "Java; JAVA 17; Java 8+; Java SE; Java v21"),
        ("Vue.js", "Vue; vue-js; Vue.js 3.x"),
        ("Node.js", "node; Node JS; NodeJS 20"),
        ("AWS", "aws; Amazon Web Services; AWS (certified)"),
        ("CI/CD", "CI/CD; ci-cd; CICD"),
        ("English", "angielski; Englisch; język angielski"),
        ("Test automation", "testy automatyczne; Testautomatisierung"),
    ],
)
def test_a_skill_goes_by_one_name_however_it_is_written(name, written):
    assert {text: known_skill(text) for text in written.split("; ")} == dict.fromkeys(written.split("; "), name)


@pytest.mark.parametrize(
    "text", ["Underwater basket weaving", "Java Beans Designer", "4", "", "Log4j", "TF", "React + Go"]
)
def test_a_skill_we_do_not_know_stays_as_it_is_written(text):
    assert known_skill(f"  {text} ") == text


def test_there_are_hundreds_of_them_and_no_word_means_two():
    skills = {
        name: {_key(written) for written in (name, *others)}
        for group in GROUPS.values()
        for name, others in group.items()
    }
    assert len(skills) >= 300
    assert len(skills) == sum(map(len, GROUPS.values()))
    twice = [word for word, times in Counter(word for words in skills.values() for word in words).items() if times > 1]
    assert twice == []


@given(st.text(max_size=120))
def test_a_standard_name_is_its_own_standard_name(text):
    assert known_skill(known_skill(text)) == known_skill(text)
