"""The forms that can be imported. A new one is a module here and its name in ``READERS``."""

from households.imports.declaration import Reader
from households.imports.readers import household, income, medical, member

READERS: dict[str, Reader] = {
    reader.kind: reader for reader in (household.READER, member.READER, income.READER, medical.READER)
}
