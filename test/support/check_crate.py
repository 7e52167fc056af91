"""Validates an RO-Crate by rocrate-validator: `check_crate.py FOLDER PROFILE`, issues as JSON lines on stdout.

Needs `roc-validator` and `rocrate` of PyPI, and no network: the JSON-LD context that every crate names is taken from the
package `rocrate`, whose later version of it holds all terms of 1.1.
"""

import json
import sys
from importlib.resources import files

import requests
from requests.adapters import BaseAdapter
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester


class PackagedContext(BaseAdapter):
    """Answers for the address of the context, whatever its version."""

    def send(self, request, **_):
        answer = requests.Response()
        answer.status_code = 200
        answer.url = request.url
        answer.request = request
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
        return answer

    def close(self):
        pass


folder, profile = sys.argv[1:]
settings = services.ValidationSettings(
    rocrate_uri=folder,
    profile_identifier=profile,
    requirement_severity=models.Severity.RECOMMENDED,
    enforce_availability=True,
    no_cache=True,
)
HttpRequester().session.mount("https://w3id.org/ro/crate/", PackagedContext())
result = services.validate(settings)
for issue in result.get_issues():
    print(json.dumps({"severity": issue.severity.name, "check": issue.check.identifier, "message": issue.message}))
print(json.dumps({"checks": len(result.executed_checks)}))
