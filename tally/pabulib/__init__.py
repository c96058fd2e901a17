"""Elections in the format of Pabulib (`.pb`), read and written.

Three blocks of lines with values between semicolons: META (what is counted, and how),
PROJECTS (the plans) and VOTES (the ballots).
"""

from tally.pabulib.document import Document, Fault, Note, PabulibError
from tally.pabulib.reading import read, read_file
from tally.pabulib.writing import write

__all__ = ["Document", "Fault", "Note", "PabulibError", "read", "read_file", "write"]
