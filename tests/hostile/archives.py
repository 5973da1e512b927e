"""Archives: bombs, lies about sizes, names that leave, kinds that are not opened."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

from tests.hostile import case

OK = b"inside==1\n"
MB = 1 << 20


def header(name: str, size: int, kind: bytes = b"0") -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def member(name: str, data: bytes) -> bytes:
    return header(name, len(data)) + data + bytes(-len(data) % 512)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=1) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return stream.getvalue()


def gzipped_zeros(target: Path, head: bytes, megabytes: int) -> None:
    with gzip.open(target, "wb", compresslevel=9) as out:
        out.write(head)
        for _ in range(megabytes):
            out.write(bytes(MB))


@case("a.tar.gz", large=True)
def tar_header_that_fills_memory(root: Path) -> None:
    data = member("requirements.txt", OK) + header("x", 2 << 30, b"x")
    gzipped_zeros(root / "a.tar.gz", data, 900)


@case("a.tar", seen=("inside",))
def tar_header_sparse_giant(root: Path) -> None:
    with (root / "a.tar").open("wb") as out:
        out.write(member("requirements.txt", OK) + header("x", 8 << 30, b"L"))
        out.truncate(9 << 30)


@case("a.tar", seen=("inside",))
def tar_sparse_member(root: Path) -> None:
    data = member("requirements.txt", OK) + header("s", 512, b"S") + bytes(2048)
    (root / "a.tar").write_bytes(data)


@case("a.tar", seen=("inside",))
def tar_sparse_member_of_pax(root: Path) -> None:
    with tarfile.open(root / "a.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        info = tarfile.TarInfo("requirements.txt")
        info.size = len(OK)
        tar.addfile(info, io.BytesIO(OK))
        info = tarfile.TarInfo("s.py")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": str(1 << 60)}
        tar.addfile(info)


@case("a.tar")
def tar_extended_headers_without_end(root: Path) -> None:
    one = header("x", 12, b"x") + b"12 path=abc\n" + bytes(500)
    (root / "a.tar").write_bytes(one * 30_000)


@case()
def tar_of_zeros(root: Path) -> None:
    with (root / "a.tar").open("wb") as out:
        out.truncate(10 << 30)


@case("a.tar.gz", large=True)
def tar_gz_of_zeros(root: Path) -> None:
    gzipped_zeros(root / "a.tar.gz", b"", 4000)


@case("a.tar.bz2", large=True)
def tar_bz2_bomb(root: Path) -> None:
    packed = bz2.BZ2Compressor()
    out = [packed.compress(member("requirements.txt", OK) + header("x.py", 3 << 30))]
    out += [packed.compress(bytes(MB)) for _ in range(1500)]
    (root / "a.tar.bz2").write_bytes(b"".join(out) + packed.flush())


@case()
def tar_xz_with_a_dictionary_of_gigabytes(root: Path) -> None:
    data = bytearray(lzma.compress(member("requirements.txt", OK), check=lzma.CHECK_CRC32))
    data[16] = 39  # the size of the dictionary in the header of its only block: 3 GiB
    data[20:24] = struct.pack("<I", zlib.crc32(data[12:20]))
    (root / "a.tar.xz").write_bytes(data)


@case("a.tar.gz", large=True)
def tar_bombs_in_each_other(root: Path) -> None:
    inner = gzip.compress(member("x.py", bytes(200 * MB)), 9)
    for level in range(4):
        inner = gzip.compress(
            b"".join(member(f"{level}-{n}.tar.gz", inner) for n in range(4)) + bytes(1024), 9
        )
    (root / "a.tar.gz").write_bytes(inner)


@case("a099.tar.gz", large=True)
def tars_each_within_its_bound(root: Path) -> None:
    packed = gzip.compress(member("x.py", bytes(60 * MB)) + bytes(1024), 9)
    for number in range(100):
        (root / f"a{number:03}.tar.gz").write_bytes(packed)


@case(large=True)
def tar_gz_with_120_members(root: Path) -> None:
    line = b"import numpy  # a line of its own\n"
    data = b"".join(member(f"m{n:03}.py", line * 50_000) for n in range(120))
    (root / "a.tar.gz").write_bytes(gzip.compress(data + bytes(1024), 1))


@case(seen=("inside",))
def tar_with_korean_names(root: Path) -> None:
    with tarfile.open(root / "a.tar", "w", encoding="cp949", format=tarfile.GNU_FORMAT) as tar:
        for name in ("한글/requirements.txt", "모델.py"):
            info = tarfile.TarInfo(name)
            info.size = len(OK)
            tar.addfile(info, io.BytesIO(OK))


@case("a.tar!/requirements.txt")
def tar_members_of_one_name(root: Path) -> None:
    data = member("requirements.txt", b"first==1\n") + member("requirements.txt", OK)
    (root / "a.tar").write_bytes(data + bytes(1024))


@case("a.tar")
def tar_names_that_leave(root: Path) -> None:
    names = ("../../../requirements.txt", "/etc/requirements.txt", "C:/x.py", "a\\b.py")
    data = b"".join(member(name, OK) for name in names)
    data += header("link", 0, b"2") + header("device", 0, b"3") + header("pipe", 0, b"6")
    (root / "a.tar").write_bytes(data + bytes(1024))


@case("b.7z", "c.rar", "d.tar.zst", "e.lz4", "g.csv.gz", "h.conda")
def archives_that_are_not_opened(root: Path) -> None:
    for name in ("b.7z", "c.rar", "d.tar.zst", "e.lz4", "g.csv.gz", "h.conda"):
        (root / name).write_bytes(b"x" * 100)


@case("f.mar", "g.nemo")
def archives_of_model_servers_that_are_none(root: Path) -> None:
    for name in ("f.mar", "g.nemo"):
        (root / name).write_bytes(b"x" * 100)


@case(seen=("in-mar", "in-nemo"))
def archives_of_model_servers(root: Path) -> None:
    (root / "f.mar").write_bytes(zipped({"requirements.txt": b"in-mar==1\n"}))
    packed = gzip.compress(member("requirements.txt", b"in-nemo==1\n") + bytes(1024))
    (root / "g.nemo").write_bytes(packed)


@case("a.zip", large=True)
def zips_in_each_other(root: Path) -> None:
    inner = zipped({"x.bin": bytes(400 * MB)})
    for level in range(4):
        inner = zipped({f"{level}-{n}.zip": inner for n in range(8)})
    (root / "a.zip").write_bytes(inner)


@case(large=True)
def zips_many_kept_open(root: Path) -> None:
    inner = zipped({"x.bin": bytes(3 * MB)}, zipfile.ZIP_STORED)
    (root / "a.zip").write_bytes(zipped({f"{n}.zip": inner for n in range(500)}))


@case("a.zip", large=True)
def zip_with_a_table_of_200_001(root: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        for number in range(200_001):
            out.writestr(f"{number}.bin", b"")
    (root / "a.zip").write_bytes(stream.getvalue())


@case()
def zip_members_that_overlap(root: Path) -> None:
    """One kernel of zeros under a thousand names, each said to unpack to gigabytes."""
    kernel = zipped({"0.py": b"#" * MB})
    start = kernel.index(b"PK\x01\x02")
    entry = kernel[start : kernel.index(b"PK\x05\x06")]
    table = b"".join(
        entry[:24]
        + struct.pack("<I", 0xFFFFFFF0)
        + entry[28:46]
        + f"{n:04}.py".encode()
        + entry[50:]
        for n in range(1000)
    ).replace(b"\x04\x00\x00\x00\x00\x00", b"\x07\x00\x00\x00\x00\x00")
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1000, 1000, len(table), start, 0)
    (root / "a.zip").write_bytes(kernel[:start] + table + end)


@case("a.whl")
def wheel_cut_in_half(root: Path) -> None:
    data = zipped({"x/METADATA": b"Name: x\n" * 1000})
    (root / "a.whl").write_bytes(data[: len(data) // 2])


@case("a.zip", "b.zip")
def zip_encrypted_and_damaged(root: Path) -> None:
    data = bytearray(zipped({"requirements.txt": OK}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (root / "a.zip").write_bytes(bytes(data))
    data = bytearray(zipped({"requirements.txt": OK * 100}))
    data[45] ^= 0xFF
    (root / "b.zip").write_bytes(bytes(data))


@case("a.tar!/many", large=True)
def tar_that_holds_many_tars(root: Path) -> None:
    inner = member("x.py", b"x = 1\n") + bytes(1024)
    data = b"".join(member(f"many{n:04}.tar", inner) for n in range(2100)) + bytes(1024)
    (root / "a.tar").write_bytes(data)
