"""The forms that can be imported. A new one is a module here and its line in ``FORMS``."""

from importlib import import_module

from households.imports.declaration import Reader

# In the order in which files that came together are taken in: what others refer to comes first.
FORMS = (
    "household",
    "member",
    "income",
    "medical",
    "education",
    "disability",
    "housing",
    "water",
    "traffic",
    "emergency",
    "civil",
    "employment",
)
READERS: dict[str, Reader] = {form: import_module(f"{__name__}.{form}").READER for form in FORMS}
