"""Skills under one name each, however a list writes them."""

import tomllib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.skills import (
    FILE,
    IMPLICATIONS,
    How,
    _key,
    all_names,
    because,
    consequences,
    implications,
    known_skill,
    other_names,
    skills_in,
)

GROUPS = tomllib.loads(FILE.read_text("utf-8"))
SAID = [(one.skill, one.how, one.implied) for one in implications()]
FOLLOWS = {(one.skill, one.implied): one for one in consequences(SAID)}


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
        ("Microsoft Entra ID", "Azure AD; Entra ID; AAD"),
        ("Go", "Go; golang; GO 1.22"),
        ("R", "R; r; R 4.3; język R"),
    ],
)
def test_a_skill_goes_by_one_name_however_it_is_written(name, written):
    assert {text: known_skill(text) for text in written.split("; ")} == dict.fromkeys(written.split("; "), name)


MISSPELT = {
    "Angular": "Angualr Anguler",
    "C++": "C++ cplusplus",
    "Docker": "Doker Dockers",
    "Elasticsearch": "Elasticseach",
    "Embedded": "Embeded",
    "Excel": "Excell Exel",
    "Git": "git GIT",
    "Hibernate": "Hybernate",
    "Java": "Jawa Jvaa",
    "JavaScript": "Javascipt Javasript Javscript Javascirpt JavaSript",
    "Jenkins": "Jenkin Jenkis",
    "jQuery": "JQuerry Jqeury",
    "Kafka": "Kafaka Kakfa",
    "Kotlin": "Koltin",
    "Kubernetes": "Kubernets Kubernates Kubenetes Kuberentes",
    "Laravel": "Larvel",
    "Linux": "Lunix Linx",
    "Magento": "Magneto",
    "Microservices": "Mircoservices",
    "MongoDB": "MangoDB",
    "Node.js": "Node.sj NodeJs",
    "PostgreSQL": "Postgress PostgresSQL Postgesql Posgres",
    "Python": "Pyhton Phyton Pyton",
    "PyTorch": "Pytroch",
    "RabbitMQ": "RabitMQ",
    "React": "Rect.js React.js ReactJS Reactjs Raect",
    "React Native": "ReactNativ",
    "Selenium": "Selenuim Selenum",
    "Spring Boot": "SpringBot SpingBoot",
    "SQL Server": "SQLSever MSSQL",
    "Symfony": "Symphony",
    "Terraform": "Terrafom Teraform",
    "TypeScript": "Typescipt Typscript",
    "Vue.js": "Veu.js Vue.sj",
    "WordPress": "Wordpres",
}


@pytest.mark.parametrize("name", MISSPELT)
def test_misspellings_that_recruiters_meet_are_known(name):
    assert {text: known_skill(text) for text in MISSPELT[name].split()} == dict.fromkeys(MISSPELT[name].split(), name)


@pytest.mark.parametrize(
    "text",
    [
        *("Underwater basket weaving", "Java Beans Designer", "4", "", "Log4j", "TF", "React + Go"),
        *("Google", "Gopher", "Got", "Car", "Cat", "D", "Ruby slippers", "Reaction", "Sprint", "Swiftly", "Next"),
    ],
)
def test_a_skill_we_do_not_know_stays_as_it_is_written(text):
    assert known_skill(f"  {text} ") == text


def test_there_are_hundreds_of_them_and_no_word_means_two():
    skills = {
        name: {_key(written) for written in (name, *others)}
        for group in GROUPS.values()
        for name, others in group.items()
    }
    assert len(skills) >= 400
    assert set(skills) == set(all_names())
    assert len(skills) == sum(map(len, GROUPS.values()))
    twice = [word for word, times in Counter(word for words in skills.values() for word in words).items() if times > 1]
    assert twice == []


@given(st.text(max_size=120))
def test_a_standard_name_is_its_own_standard_name(text):
    assert known_skill(known_skill(text)) == known_skill(text)


# which implies which


def test_there_are_hundreds_of_implications_of_every_kind():
    assert len(SAID) >= 600
    assert len(SAID) == len({(skill, implied) for skill, _, implied in SAID})
    assert {how for _, how, _ in SAID} == set(How) - {How.NAME_OF}
    assert set(tomllib.loads(IMPLICATIONS.read_text("utf-8"))) == {"alone", *(set(How) - {How.NAME_OF})}


def test_whatever_implies_or_is_implied_is_a_skill_under_its_own_name():
    assert {name for skill, _, implied in SAID for name in (skill, implied)} - set(all_names()) == set()


def test_no_skill_is_forgotten():
    alone = tomllib.loads(IMPLICATIONS.read_text("utf-8"))["alone"]
    assert sorted([*{name for skill, _, implied in SAID for name in (skill, implied)}, *alone]) == sorted(all_names())


def test_nothing_leads_round_in_a_circle():
    assert [pair for pair in FOLLOWS if pair[::-1] in FOLLOWS] == []


def test_nothing_is_said_that_follows_anyhow():
    direct = {skill: {to for one, _, to in SAID if one == skill} for skill, _, _ in SAID}
    twice = [(skill, implied) for skill, _, implied in SAID if any((to, implied) in FOLLOWS for to in direct[skill])]
    assert twice == []


@pytest.mark.parametrize(
    ("skill", "implied"),
    [
        *(("React", "JavaScript"), ("Next.js", "JavaScript"), ("TypeScript", "JavaScript"), ("Angular", "HTML")),
        *(("Spring Boot", "Java"), ("Hibernate", "SQL"), ("PyTorch", "Python"), ("Django REST framework", "Python")),
        *(("Amazon EKS", "Docker"), ("Helm", "Kubernetes"), ("ASP.NET Core", "C#"), ("Unity", "C#")),
        *(("SwiftUI", "iOS"), ("Flutter", "Mobile development"), ("Selenium", "Testing"), ("T-SQL", "SQL")),
        *(("SAP Fiori", "SAP"), ("Terraform", "Infrastructure as code"), ("Scrum Master", "Agile")),
    ],
)
def test_who_knows_one_knows_the_other_and_not_the_other_way_round(skill, implied):
    assert (skill, implied) in FOLLOWS
    assert (implied, skill) not in FOLLOWS


@pytest.mark.parametrize(
    ("skill", "implied"),
    [
        *(("Java", "JavaScript"), ("JavaScript", "HTML"), ("Docker", "Kubernetes"), ("Unit testing", "Testing")),
        *(("C", "C++"), ("C++", "C"), ("Objective-C", "C++"), ("Kotlin", "Java"), ("Kotlin", "Android")),
        *(("Swift", "iOS"), ("WordPress", "PHP"), ("Figma", "UI design"), ("C#", ".NET"), ("SQL", "PostgreSQL")),
        *(("MariaDB", "MySQL"), ("Linux", "Bash"), ("DevOps", "Kubernetes"), ("AWS", "Azure")),
    ],
)
def test_what_is_doubtful_is_left_out(skill, implied):
    assert (skill, implied) not in FOLLOWS


def test_the_way_is_the_shortest_and_says_why():
    said = [("a", How.NEEDS, "b"), ("b", How.PART_OF, "c"), ("c", How.WRITTEN_IN, "d"), ("a", How.PART_OF, "c")]
    found = {(one.skill, one.implied): (one.through, one.how, one.steps) for one in consequences(said)}
    assert found == {
        ("a", "b"): ("b", How.NEEDS, 1),
        ("a", "c"): ("c", How.PART_OF, 1),
        ("a", "d"): ("c", How.PART_OF, 2),
        ("b", "c"): ("c", How.PART_OF, 1),
        ("b", "d"): ("c", How.PART_OF, 2),
        ("c", "d"): ("d", How.WRITTEN_IN, 1),
    }
    assert because([], "JavaScript") == "JavaScript"
    way = [("Next.js", How.NEEDS), ("React", How.WRITTEN_IN)]
    assert because(way, "JavaScript") == "Next.js, which needs React, which is written in JavaScript"


pairs = st.tuples(st.integers(0, 7), st.just(How.NEEDS), st.integers(0, 7))


@given(st.lists(pairs, max_size=20))
def test_what_follows_is_what_can_be_walked_to_even_in_a_circle(said):
    def walked(start):
        reached, more = set(), {start}
        while more:
            more = {to for one, _, to in said if one in more} - reached
            reached |= more
        return reached - {start}

    assert {(one.skill, one.implied) for one in consequences(said)} == {
        (start, end) for start in range(8) for end in walked(start)
    }


def test_a_skill_tells_its_other_names():
    assert "golang" in other_names("Go")
    assert other_names("Underwater basket weaving") == ()


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Senior Python developer", ["Python"]),
        ("Backend developer (Java)", ["Backend development", "Java"]),
        ("Full-stack: React + Node", ["Full-stack development", "React", "Node.js"]),
        (".NET developer, Linux", [".NET", "Linux"]),
        ("Machine Learning engineer", ["Machine learning"]),
        ("Go developer", ["Go"]),
        ("Somebody who is ready to go", []),
        ("Product designer", []),
    ],
)
def test_a_title_names_skills(title, named):
    assert skills_in(title) == named
