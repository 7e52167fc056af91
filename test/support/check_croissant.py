"""Validates a Croissant document by mlcroissant, and reads its records: `check_croissant.py DOCUMENT CSV`.

Prints warnings and errors as JSON lines, then each record as one. Needs `mlcroissant` of PyPI, and no network: the table is the
local file.
"""

import json
import sys

import mlcroissant

document, table = sys.argv[1:]
dataset = mlcroissant.Dataset(jsonld=document, mapping={"board.csv": table})
issues = dataset.metadata.ctx.issues
for kind, texts in (("error", issues.errors), ("warning", issues.warnings)):
    for text in sorted(texts):
        print(json.dumps({kind: text}))
for record in dataset.records("exits"):
    plain = {name: value.decode() if isinstance(value, bytes) else value for name, value in record.items()}
    print(json.dumps({"record": plain}))
