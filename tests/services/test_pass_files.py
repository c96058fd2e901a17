"""Files with codes and addresses: every fault named by its line, nothing repeated."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.passes import is_code
from bot.services.pass_files import (
    FileRefused,
    PassCode,
    merged,
    pair,
    read_addresses,
    read_codes,
)
from letters import in_fours

HEAD = "serial,class,code,token"
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def checked(start: int, digits: int = 16) -> str:
    """Return a code of so many digits whose last two check the others."""
    rest = start * 100 % 97
    return f"{start * 100 + (98 - rest) % 97:0{digits}}"


def passes(count: int, digits: int = 16) -> list[PassCode]:
    return [
        PassCode(
            f"{at:06}",
            "resident",
            checked(7_311 * at + 1, digits),
            LETTERS[at % 31] * 20 if at < 31 else f"{LETTERS[at // 31]}{'a' * 19}",
        )
        for at in range(count)
    ]


def as_file(codes: list[PassCode], separator: str = ",") -> bytes:
    rows = [HEAD.replace(",", separator)]
    rows += [separator.join((p.serial, p.kind, p.code, p.token)) for p in codes]
    return ("\n".join(rows) + "\n").encode()


def faults(content: bytes) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read_codes(content)
    return str(refused.value).splitlines()


def test_codes_are_read_as_they_were_made() -> None:
    made = [*passes(5), PassCode("000100", "test", checked(5, 12), "z" * 20)]
    assert read_codes(as_file(made)) == made
    assert read_codes(b"\xef\xbb\xbf" + as_file(made, ";")) == made


def test_a_code_whose_check_digits_are_right() -> None:
    assert all(is_code(each.code) for each in passes(9))
    assert not is_code("1234567890123456")


def test_every_fault_is_told_with_its_line() -> None:
    good = passes(2)
    lines = as_file(good).decode().splitlines()
    lines += ["12,resident,123,toolong", lines[1]]
    told = faults("\n".join(lines).encode())
    assert told == [
        "codes, line 4: the serial is not six digits",
        "codes, line 4: the code is not 12 or 16 digits",
        "codes, line 4: the token is not one",
        "codes, line 5: the same serial as in line 2",
        "codes, line 5: the same code as in line 2",
        "codes, line 5: the same token as in line 2",
    ]


def test_a_code_that_a_table_program_rounded_is_seen_and_not_repeated() -> None:
    one = passes(1)[0]
    spoilt = one.code[:-1] + str((int(one.code[-1]) + 1) % 10)
    told = faults(as_file([PassCode(one.serial, one.kind, spoilt, one.token)]))
    assert "check digits" in told[0]
    assert spoilt not in told[0]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "codes: there is nothing in it"),
        (HEAD.encode(), "codes: there is nothing in it"),
        (b"serial,code\n1,2\n", f"codes: the first line must be {HEAD}"),
        (f"{HEAD}\n1,2,3\n".encode(), "codes, line 2: 3 cells instead of 4"),
        (f'{HEAD}\n"1,2,3\n'.encode(), "codes, line 2: a quotation mark is open"),
        (
            f"{HEAD}\n\xe9,b,c,d\n".encode("latin-1"),
            "codes: save the file as CSV UTF-8",
        ),
    ],
)
def test_a_file_that_is_none(content: bytes, fault: str) -> None:
    assert faults(content) == [fault]


def test_very_many_faults_are_counted() -> None:
    told = faults((HEAD + "\nx,y,z,w" * 30).encode())
    assert len(told) == 21
    assert told[-1].startswith("and ")


ADDRESSES = "Naam;Straat;Plaats\nA. Yılmaz; Dorpsstraat 1 ;1064 HA\nB;;1064 HB\n"


def test_addresses_keep_their_columns() -> None:
    read = read_addresses(ADDRESSES.encode("utf-8-sig"))
    assert read.columns == ("Naam", "Straat", "Plaats")
    assert read.lines(0) == ("A. Yılmaz", "Dorpsstraat 1", "1064 HA")
    assert read.lines(1) == ("B", "1064 HB")
    assert read == read_addresses(ADDRESSES.replace(";", ",").encode())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("Naam;Naam\na;b\n", "line 1: each column needs a name"),
        ("Naam;\na;b\n", "line 1: each column needs a name"),
        ("Naam;Code\na;b\n", 'a column is called "Code"'),
        ("Naam;Straat\n ; \n", "line 2: there is no address"),
        ("Naam;Straat\n=1+1;b\n", 'line 2: "Naam" begins like a formula'),
        ("Naam;@straat\na;b\n", 'line 1: the name "@straat" begins like a formula'),
        ("Naam;Straat\na;b\nc;d\nA;B\n", "line 4: the same address as in line 2"),
        ("Naam;Straat\na;b;c\n", "line 2: 3 cells instead of 2"),
    ],
)
def test_addresses_that_cannot_be_used(content: str, fault: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_addresses(content.encode())
    assert fault in str(refused.value)


def test_unequal_counts_and_mixed_classes_are_refused() -> None:
    mixed = [passes(2)[0], PassCode("000009", "business", checked(9), "z" * 20)]
    with pytest.raises(FileRefused, match="there are 3 codes and 2 addresses"):
        pair(passes(3), read_addresses(ADDRESSES.encode()))
    with pytest.raises(FileRefused, match=r"several classes \(business, resident\)"):
        pair(mixed, read_addresses(ADDRESSES.encode()))


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


def together(codes: list[PassCode], content: str) -> bytes:
    grouped = [in_fours(each.code) for each in codes]
    links = [{"whatsapp": f"w{p.token}", "telegram": f"t{p.token}"} for p in codes]
    return merged(codes, read_addresses(content.encode()), grouped, links)


def test_the_merged_table_is_what_dutch_programs_expect() -> None:
    codes = passes(2)
    content = together(codes, ADDRESSES)
    assert content.startswith(b"\xef\xbb\xbfserial;Naam;Straat;Plaats;code;")
    head, first, second = rows_of(content)
    assert head == "serial Naam Straat Plaats code whatsapp telegram".split()
    token = codes[0].token
    assert first[:4] == ["000000", "A. Yılmaz", "Dorpsstraat 1", "1064 HA"]
    assert first[4:] == [in_fours(codes[0].code), f"w{token}", f"t{token}"]
    assert second[0] == "000001"


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
) | st.sampled_from(["=1+1", "+31", "-", "@x", "a;b", 'a"b', "a,b"])


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=4))
def test_no_address_becomes_a_formula_or_moves_a_column(
    cells: list[tuple[str, str]],
) -> None:
    made = StringIO()
    csv.writer(made, delimiter=";").writerows([("Naam", "Straat"), *cells])
    try:
        table = rows_of(together(passes(len(cells)), made.getvalue()))
    except FileRefused:
        return
    assert len(table) == len(cells) + 1
    for row, given_cells in zip(table[1:], cells, strict=True):
        assert row[1:3] == [cell.strip() for cell in given_cells]
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_secrets_are_not_in_what_a_log_would_show() -> None:
    one = passes(1)[0]
    assert one.code not in repr(one)
    assert one.token not in repr(one)
