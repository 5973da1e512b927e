"""Every way in which a pickle can run code is named; what only builds data is not. Each dangerous
one was shown to act on the real unpickler; nothing is unpickled here but our own plain values.
"""

from __future__ import annotations

import base64
import bz2
import datetime
import gzip
import io
import json
import lzma
import pickle
import struct
import zipfile
import zlib
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import numpy as np
import pytest

from aisbom.weights.read import pickled
from aisbom.weights.read.source import Memory
from aisbom.weights.unsafe import Examination, examine

SAMPLES = Path(__file__).parents[1] / "samples"


def look(data: bytes, name: str = "m.pkl") -> Examination:
    return examine(Memory(data), name)


def said(data: bytes, name: str = "m.pkl") -> list[str]:
    return [hazard.what for hazard in look(data, name).hazards]


def text(words: str) -> bytes:
    return b"X" + struct.pack("<I", len(words)) + words.encode()


def call(module: str, name: str, argument: str = "id") -> bytes:
    """`module.name(argument)`, protocol 2."""
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + text(argument) + b"\x85R."


SYSTEM = call("os", "system")

WAYS = {
    "protocol 0": b"cos\nsystem\n(S'id'\ntR.",
    "a number in base 16": b"I0x1\n0cos\nsystem\n(S'id'\ntR.",
    "a long number in base 16": b"L0x1L\n0cos\nsystem\n(S'id'\ntR.",
    "a line of more than 64 KiB": b"V" + b"a" * 70_000 + b"\n0cos\nsystem\n(S'id'\ntR.",
    "a text that is no ASCII": b"T\x02\0\0\0\xe9\xff0cos\nsystem\n(S'id'\ntR.",
    "an octal number": b"I010\n0cos\nsystem\n(S'id'\ntR.",
    "INST": b"(S'id'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nS'id'\no.",
    "NEWOBJ": b"\x80\x02cos\nsystem\n" + text("id") + b"\x85\x81.",
    "a name behind its module's name": b"\x80\x04\x8c\x02os\x8c\x06system\x93"
    + text("id")
    + b"\x85R.",
    "a mark above which nothing is": b"(0cos\nsystem\n(S'id'\ntR.",
    "after a list is left": b"](K\x01e0cos\nsystem\n(S'id'\ntR.",
    "the same out of the memo": b"cos\nsystem\np0\n0g0\n(S'id'\ntR.",
    "and no end": b"cos\nsystem\n(S'id'\ntR",
    "and rubbish": b"cos\nsystem\n(S'id'\ntR\xff\xff",
    "behind another pickle": pickle.dumps({"a": 1}) + SYSTEM,
    "behind zeros of a list": pickle.dumps([0] * 100) + pickle.dumps(1) + SYSTEM,
    "in bytes": pickle.dumps({"inner": SYSTEM}),
    "in bytes in bytes": pickle.dumps(pickle.dumps({"inner": SYSTEM})),
    "gzip": gzip.compress(SYSTEM),
    "zlib": zlib.compress(SYSTEM),
    "bzip2": bz2.compress(SYSTEM),
    "xz": lzma.compress(SYSTEM),
    "lzma": lzma.compress(SYSTEM, lzma.FORMAT_ALONE),
    "gzip that is cut": gzip.compress(SYSTEM + bytes(5000))[:-9],
    "gzip in gzip": gzip.compress(gzip.compress(SYSTEM)),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_call_is_named_however_it_is_written(way: str) -> None:
    assert "calls os.system" in said(WAYS[way])


@pytest.mark.parametrize(
    "name",
    ["m.PKL", "m.PT", "m.dill", "m.pt2", "training_args.bin", "pytorch_model.bin", "a.joblib.gz"],
)
def test_a_call_is_named_whatever_the_ending(name: str) -> None:
    assert said(SYSTEM, name) == ["calls os.system"]
    assert said(b"cos\nsystem\n(S'id'\ntR.", name) == ["calls os.system"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("torch.utils.collect_env", "run"),
        ("torch.utils._config_module", "load_config"),
        ("torch.jit", "load"),
        ("numpy.testing._private.utils", "runstring"),
        ("numpy.f2py.crackfortran", "getlincoef"),
        ("pip", "main"),
        ("pydoc", "locate"),
        ("idlelib.pyshell", "ModifiedInterpreter"),
        ("lib2to3.pgen2.grammar", "Grammar.loads"),
        ("cProfile", "run"),
        ("doctest", "debug_script"),
        ("ensurepip", "_run_pip"),
        ("logging.config", "_resolve"),
        ("sklearn.utils._testing", "run"),
        ("pandas.io.pickle", "read_pickle"),
        ("pandas", "eval"),
        ("builtins", "getattr"),
        ("builtins", "eval"),
        ("__builtin__", "apply"),
        ("functools", "partial"),
        ("operator", "attrgetter"),
        ("scipy.stats._distn_infrastructure", "rv_frozen"),
        ("statsmodels.base.data", "ModelData"),
        ("torch.fx.graph_module", "reduce_graph_module"),
        ("a_module_of_nobody", "Thing"),
        ("모듈", "함수"),
    ],
)
def test_what_is_on_no_list_is_named(module: str, name: str) -> None:
    (found,) = said(call(module, name))
    assert found.startswith("calls ")
    assert found.isascii()
    if module.isascii():
        assert found == f"calls {module}.{name}"


def test_a_name_alone_imports_its_module() -> None:
    assert said(b"\x80\x02ca_module_of_nobody\nThing\n.") == ["names a_module_of_nobody.Thing"]


@pytest.mark.parametrize("code", [b"\x82\x05", b"\x83\x05\x01", b"\x84\x05\x01\0\0"])
def test_extension_codes_stand_for_anything(code: bytes) -> None:
    found = said(b"\x80\x02" + code + text("id") + b"\x85R.")
    assert found[0].startswith("names whatever extension code")
    assert "calls something that it computes" in found


TRICKS = {
    "a function is given attributes": (
        b"\x80\x05cnumpy\nprod\nN(Va\nVos\nd\x86b0N.",
        "changes numpy.prod",
    ),
    "a table of the interpreter is filled": (
        b"\x80\x02ccollections\nOrderedDict\n" + text("x") + text("y") + b"s.",
        "changes collections.OrderedDict",
    ),
    "an object is given a method that the unpickler calls": (
        b"\x80\x02ctypes\nSimpleNamespace\n)R}" + text("extend") + b"csklearn\nclone\nsb.",
        "sets extend on an object",
    ),
    "and one that it calls with the state": (
        b"\x80\x02ctypes\nSimpleNamespace\n)R}" + text("__setstate__") + b"csklearn\nclone\nsb.",
        "sets __setstate__ on an object",
    ),
    "an attribute whose name is computed": (
        b"\x80\x02ctypes\nSimpleNamespace\n)R}cbuiltins\nstr\n"
        + text("x")
        + b"\x85Rcsklearn\nclone\nsb.",
        "sets an attribute with a name that it computes on an object",
    ),
    "a function of torch is handed on": (
        b"\x80\x02cnumpy.random._pickle\n__randomstate_ctor\n"
        + text("x")
        + b"ctorch.storage\n_load_from_bytes\n\x86R.",
        "hands on torch.storage._load_from_bytes",
    ),
    "a coding that is a module": (
        b"\x80\x02c_codecs\nencode\n" + text("x") + text("evil") + b"\x86R.",
        "calls _codecs.encode with unusual arguments",
    ),
    "an import by words": (
        b"\x80\x02cnumpy.core\n_ufunc_reconstruct\n" + text("os") + text("system") + b"\x86R.",
        "calls numpy.core._ufunc_reconstruct with unusual arguments",
    ),
    "a rebuild that calls what it is given": (
        b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\nctorch\nTensor\n"
        + text("id")
        + b"\x85}tR.",
        "calls torch._tensor._rebuild_from_type_v2 with unusual arguments",
    ),
    "the result of a call is called": (
        b"\x80\x02ccollections\nCounter\n)R" + text("x") + b"\x85R.",
        "calls something that it computes",
    ),
    "a name is computed": (
        b"\x80\x04cbuiltins\nstr\n" + text("os") + b"\x85R" + text("system") + b"\x93.",
        "imports a name that it computes",
    ),
    "a name with dots": (
        b"\x80\x04\x8c\x05numpy\x8c\x0bcore.os.foo\x93.",
        "names numpy.core.os.foo",
    ),
}


@pytest.mark.parametrize("trick", sorted(TRICKS))
def test_calls_that_hide_behind_harmless_names(trick: str) -> None:
    data, words = TRICKS[trick]
    assert words in said(data)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/") + ".pkl", data)
    return out.getvalue()


def test_every_pickle_in_a_zip_counts() -> None:
    plain = pickle.dumps({"a": 1}, 2)
    assert said(zipped(m__data=plain, n__data=SYSTEM), "m.pt") == ["calls os.system"]
    assert said(zipped(m__data=plain, m__other=SYSTEM), "m.pt") == ["calls os.system"]
    assert said(b"front" + zipped(m__data=SYSTEM), "m.pt") == ["calls os.system"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("m/data.pkl", SYSTEM)
        archive.writestr("m/data.pkl", plain)
    assert said(out.getvalue(), "m.pt") == ["calls os.system"]


def test_a_broken_checksum_hides_nothing() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("m/data.pkl", SYSTEM)
    data = bytearray(out.getvalue())
    at = data.index(b"PK\x01\x02")
    data[at + 16 : at + 20] = b"\0\0\0\0"
    assert said(bytes(data), "m.pt") == ["calls os.system"]
    data[at + 8] |= 1  # says that it is encrypted
    assert said(bytes(data), "m.pt") == ["calls os.system"]


def test_arrays_of_objects_are_pickles() -> None:
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    data = b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header + SYSTEM
    assert said(data, "m.npy") == ["calls os.system"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("arr_0.npy", data)
    assert said(out.getvalue(), "m.npz") == ["calls os.system"]


def restored(module: str, name: str, state: bytes) -> bytes:
    """An object of a class, made without its constructor and given a state."""
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + b")\x81" + state + b"b."


def state_of(key: bytes, value: bytes = b"\x88") -> bytes:
    """The opcodes of a dict with one item."""
    return b"}" + key + value + b"s"


@pytest.mark.parametrize(
    ("module", "key"),
    [
        ("statsmodels.base.data", text("restore_model_spec")),
        # Other modules of the library know the class by the same name.
        ("statsmodels.tsa.base.tsa_model", text("restore_model_spec")),
        # A key that is computed may be that one.
        ("statsmodels.base.data", b"cbuiltins\nstr\n" + text("restore_model_spec") + b"\x85R"),
    ],
)
def test_a_formula_in_a_state_is_evaluated(module: str, key: bytes) -> None:
    words = f"runs what the state of {module}.PandasData says (restore_model_spec)"
    assert said(restored(module, "PandasData", state_of(key))) == [words]
    made = f"ccopyreg\n_reconstructor\nc{module}\nPandasData\ncbuiltins\nobject\nN\x87R"
    whole = b"\x80\x02" + made.encode("latin-1") + state_of(key) + b"b."
    assert said(whole) == [words]


def test_data_without_a_formula_are_data() -> None:
    plain = state_of(text("endog"))
    assert said(restored("statsmodels.base.data", "PandasData", plain)) == []
    assert said(restored("statsmodels.regression.linear_model", "OLS", plain)) == []
    assert said(restored("sklearn.linear_model", "LinearRegression", plain)) == []
    made = b"cbuiltins\ndict\n)R"  # who knows what is in it by then
    assert said(restored("statsmodels.base.data", "PandasData", made)) != []


def test_what_a_class_calls_on_itself_is_not_replaced() -> None:
    key = "_warn_for_older_version"
    called = state_of(text(key), b"cbuiltins\nlen\n")
    plain = state_of(text(key), text("x"))
    assert said(restored("pmdarima.arima.arima", "ARIMA", called)) == [f"sets {key} on an object"]
    assert said(restored("pmdarima.arima.arima", "ARIMA", plain)) == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("sklearn_crfsuite._fileresource", "FileResource"),  # removes the file that it names
        ("optuna.storages._rdb.storage", "RDBStorage"),  # connects to the address that it names
        ("stable_baselines3.common.vec_env.base_vec_env", "CloudpickleWrapper"),
        ("river.neighbors.ann.swinn", "SWINN"),  # calls the distance that it is given
        ("statsmodels.discrete.discrete_model", "NegativeBinomial"),
        ("spacy.vocab", "Vocab"),
    ],
)
def test_classes_that_act_on_their_state_are_on_no_list(module: str, name: str) -> None:
    assert said(restored(module, name, b"}")) == [f"calls {module}.{name}"]


def baselines(*values: tuple[str, bytes]) -> bytes:
    """A zip as Stable-Baselines3 writes it: `{key: {":serialized:": pickle}}`, keys as they are."""
    rows = ", ".join(
        f'"{key}": {json.dumps(base64.b64encode(data).decode())}' for key, data in values
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data", '{"policy_kwargs": {":type:": "x", ' + rows + "}}")
    return out.getvalue()


def test_pickles_in_a_text_of_a_zip() -> None:
    plain = pickle.dumps({"a": 1})
    assert said(baselines((":serialized:", SYSTEM)), "ppo.zip") == ["calls os.system"]
    assert said(baselines((r":serialized\u003a", SYSTEM)), "ppo.zip") == ["calls os.system"]
    twice = baselines((":serialized:", plain), (":serialized:", SYSTEM), (":serialized:", plain))
    assert said(twice, "ppo.zip") == ["calls os.system"]
    assert look(baselines((":serialized:", plain)), "ppo.zip") == Examination(opcodes=9)
    assert look(baselines((":serialized:", b"\0none\xff")), "ppo.zip").unread
    assert look(baselines(("serialized", SYSTEM)), "ppo.zip") == Examination()


def test_a_tar_of_the_first_torch() -> None:
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in (("storages", pickle.dumps(0, 2)), ("pickle", SYSTEM)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    assert said(out.getvalue(), "m.pt") == ["calls os.system"]


UNREAD = {
    "cut": b"\x80\x04N",
    "an unknown opcode": b"\x80\x04N\xff.",
    "another compression": b"\x28\xb5\x2f\xfd" + bytes(20),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(20),
    "bytes behind it": pickle.dumps(1) + b"\xfe\xfe",
    "ids that its program looks up": b"\x80\x02" + text("x") + b"Q.",
    "buffers outside": b"\x80\x05\x97.",
    "a broken zip": b"PK\x03\x04" + bytes(40),
    "no pickle": bytes(range(1, 256)),
}


@pytest.mark.parametrize("case", sorted(UNREAD))
def test_what_cannot_be_followed_is_said(case: str) -> None:
    found = look(UNREAD[case])
    assert not found.hazards
    assert len(found.unread) == 1


def test_more_opcodes_than_are_followed_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickled, "MAX_OPCODES", 1000)
    assert "more than 1,000 opcodes" in "".join(look(pickle.dumps(list(range(2000)))).unread)
    # All pickles of a file share the bound: those behind one another, and those in its values.
    small = pickle.dumps(list(range(300)))
    inner = [pickle.dumps(list(range(300 + n))) for n in range(4)]
    for data in (small * 4, pickle.dumps(inner, 4)):
        assert "opcodes" in "".join(look(data).unread)
    assert not look(small).unread
    # What is a pickle only if it is taken for one must not run out of sight either.
    assert "may be a pickle" in "".join(look(b"(" + b"N0" * 600 + SYSTEM[2:], "m.dat").unread)


class Plain:
    """Not on any list: what the unpickler would do with it is not known."""


SHARED = [1]
PLAIN = {
    "numbers": [1, -1, 10**30, 1.5, True, None, 2**70],
    "texts": ["a", "é", "한", b"x", bytearray(b"y")],
    "boxes": [{1}, frozenset([2]), (3,), {"a": [1]}, range(3), slice(1), 1j],
    "collections": [OrderedDict(a=1), defaultdict(list, a=[1]), deque([1]), Counter("aab")],
    "days": [datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.timedelta(1)],
    "others": [Decimal("1.5"), PurePosixPath("a/b"), SimpleNamespace(a=1)],
    "arrays": [np.arange(5), np.float32(1), np.array(["a"]), np.array([1, "a"], object)],
    "types": [np.dtype("f4"), np.dtype([("a", "i4")]), np.datetime64("2020-01-01")],
    "generators": [np.random.RandomState(1), np.random.default_rng(1)],
    "masked": np.ma.array([1, 2], mask=[0, 1]),
    "texts that look like pickles": ["cat\ndog\n.", "(x).", b"\x80\x04 and so on."],
    "aliases": [SHARED, SHARED],
}


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("what", sorted(PLAIN))
def test_what_only_builds_data_is_not_flagged(what: str, protocol: int) -> None:
    found = look(pickle.dumps(PLAIN[what], protocol))
    assert (list(found.hazards), list(found.unread)) == ([], [])


@pytest.mark.parametrize(
    "name",
    [
        "state.pt",
        "legacy.pth",
        "module.pt",
        "scripted.jit",
        "plain.npz",
        "one.npy",
        "arrays.joblib",
    ],
)
def test_checkpoints_are_not_flagged(name: str) -> None:
    found = look((SAMPLES / name).read_bytes(), name)
    assert (list(found.hazards), list(found.unread)) == ([], [])


@pytest.mark.parametrize("name", ["m.pt", "m.pkl", "m.bin", "m.pth"])
def test_texts_under_an_ending_of_pickles_say_nothing(name: str) -> None:
    for data in (b"cats\ndogs\n", b"import x\n", b"<xml/>\n", b"# note\n", b'{"a": 1}\n'):
        found = look(data, name)
        assert (list(found.hazards), list(found.unread)) == ([], [])


def test_a_class_of_nobody_is_named() -> None:
    assert any(Plain.__name__ in what for what in said(pickle.dumps(Plain())))


def test_a_bomb_is_cut() -> None:
    bomb = zlib.compress(bytes(1_000_000), 9)
    found = look(gzip.compress(bomb * 3))
    assert found.unread
