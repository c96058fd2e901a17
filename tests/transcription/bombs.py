"""Hand-made files that are small on disk and enormous once decoded."""

import struct

SECONDS_PER_PACKET = 0.12
SAMPLES_PER_PACKET = 5760
PACKETS_PER_PAGE = 255
# Six frames of 20 ms, all of length nothing: 120 ms of sound in two bytes.
SILENT_PACKET = bytes([0b1111_1011, 6])
HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
TAGS = b"OpusTags" + struct.pack("<II", 0, 0)


def opus_of(hours: float) -> bytes:
    """An OGG/Opus file of so many hours, under 100 kB for each."""
    packets = int(hours * 3600 / SECONDS_PER_PACKET)
    pages = [_page([HEAD], 0, 0, flags=2), _page([TAGS], 1, 0)]
    for number, first in enumerate(range(0, packets, PACKETS_PER_PAGE)):
        count = min(PACKETS_PER_PAGE, packets - first)
        granule = (first + count) * SAMPLES_PER_PACKET
        pages.append(_page([SILENT_PACKET] * count, number + 2, granule))
    return b"".join(pages)


def _page(packets: list[bytes], number: int, granule: int, flags: int = 0) -> bytes:
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, 1, number, 0, 0)
    lacing = bytes(len(packet) for packet in packets)
    page = bytearray(head[:-1] + bytes([len(packets)]) + lacing + b"".join(packets))
    page[22:26] = struct.pack("<I", checksum(page))
    return bytes(page)


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C1_1DB7 if value & 0x8000_0000 else 0)
        table.append(value & 0xFFFF_FFFF)
    return table


TABLE = _table()


def checksum(page: bytes | bytearray) -> int:
    """Ogg's own CRC-32: not reflected, starting from nothing."""
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFF_FFFF) ^ TABLE[(value >> 24) ^ byte]
    return value
