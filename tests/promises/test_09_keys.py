"""Each purpose has a key of its own, and no key lies in the database."""

import pytest
from cryptography.fernet import InvalidToken

from bot.keys import derive_keys, key_names, keyed_hash
from tests.houses import Street
from tests.promises.traces import columns_with
from tests.worlds import SECRET_KEY


def test_every_purpose_has_a_key_of_its_own() -> None:
    keys = derive_keys(SECRET_KEY)
    derived = [getattr(keys, each) for each in key_names()]
    assert len(set(derived)) == len(derived) >= 6
    assert all(len(key) == 32 for key in derived)
    assert keys != derive_keys("another invented city, another secret")
    assert not any(key.hex() in repr(keys) or str(key) in repr(keys) for key in derived)


def test_the_key_of_one_purpose_is_of_no_use_for_another() -> None:
    keys = derive_keys(SECRET_KEY)
    told = {keyed_hash(getattr(keys, each), "telegram", "42") for each in key_names()}
    assert len(told) == len(key_names())
    with pytest.raises(InvalidToken):
        keys.open(keys.seal_words("a sentence of hers"))


def test_no_key_is_in_any_table(each_street: Street) -> None:
    ayse = each_street.ayse()
    ayse.says("stem 21 30")
    ayse.taps("yes")
    each_street.work()
    keys = each_street.house.keys
    derived = [getattr(keys, each) for each in key_names()]
    shown = [key.hex() for key in derived] + [key.decode("latin-1") for key in derived]
    assert columns_with(each_street.world, [*shown, SECRET_KEY]) == set()
    assert columns_with(each_street.world, ["Geveltuinen"]), "words are found"
