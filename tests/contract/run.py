"""Runs Schemathesis over both zones' documents against a running house: as its admin, an agent, a visitor, a stranger, and as
the desk itself over the zone link.

    run.py FOLDER-OF-THE-DOCUMENTS HOUSE-AS-JSON EXAMPLES

Not called by somebody who is signed in: what would end the very session that calls, and streams that have no end.
"""
import base64
import hashlib
import hmac
import json
import struct
import subprocess
import sys
import time
import tomllib
import urllib.parse
import urllib.request

OUT = [
    "/api/login", "/api/logout", "/api/session/lock", "/api/session/unlock", "/api/session/password", "/api/session/code",
    "/api/session/recovery", "/api/session/passkey", "/api/session/passkey/options", "/api/feed",
]


def code(secret, step):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    return f"{(struct.unpack_from('>I', digest, digest[-1] & 15)[0] & 0x7FFFFFFF) % 1_000_000:06}"


def ask(house, path, body, cookie=None, origin="desk", name="__Host-aside-desk"):
    desk = urllib.parse.urlsplit(house[origin])
    headers = {"Host": desk.netloc, "Origin": house[origin], "Content-Type": "application/json"}
    if cookie:
        headers["Cookie"] = cookie
    url = f"http://127.0.0.1:{desk.port}{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        set_cookies = answer.headers.get_all("Set-Cookie") or []
        token = next((one.split(";")[0] for one in set_cookies if one.startswith(name + "=")), cookie)
        return json.load(answer), token


def sign_in(house, role):
    who = next(person for person in house["people"] if person["role"] == role)
    session, cookie = ask(house, "/api/login", {"name": who["name"], "password": who["password"]})
    for step in (1, 0):
        if session["stage"] == "second_factor":
            session, cookie = ask(house, "/api/session/code", {"code": code(who["sign_in"], int(time.time()) // 30 + step)}, cookie)
    assert session["stage"] == "ready", session["stage"]
    return cookie


def visit(house):
    _, cookie = ask(house, "/api/visit", {"site": "northwind"}, None, "chat", "__Host-aside-visitor")
    return cookie


def run(document, url, arguments):
    command = [
        sys.prefix + "/bin/schemathesis", "run", document, "--url", url,
        "--phases", "coverage,fuzzing", "--max-examples", sys.argv[3],
        "--checks", "not_a_server_error,status_code_conformance", "--request-timeout", "30", *arguments,
    ]
    return subprocess.run(command).returncode


def desk(house):
    """The desk's document: where it is served, and one list of arguments for each caller."""
    def host(origin):
        return ["-H", f"Host: {urllib.parse.urlsplit(house[origin]).netloc}", "-H", f"Origin: {house[origin]}"]

    kept = [part for path in OUT for part in ("--exclude-path", path)]
    ending = "/sessions/"
    # Five wrong passwords lock the console: what asks for one comes last, and on its own.
    asks = "^/api/factors/.+"
    admin = [*host("desk"), "-H", f"Cookie: {sign_in(house, 'admin')}"]
    agent = [*host("desk"), "-H", f"Cookie: {sign_in(house, 'agent')}"]
    visitor = [*host("chat"), "-H", f"Cookie: {visit(house)}"]
    return f"http://127.0.0.1:{urllib.parse.urlsplit(house['desk']).port}", [
        [*agent, "--include-tag", "workspace", *kept, "--exclude-path-regex", ending],
        [*admin, "--include-tag", "admin", "--include-tag", "account", *kept, "--exclude-path-regex", f"{ending}|{asks}"],
        [*admin, "--include-path-regex", asks],
        [*host("desk"), "--include-tag", "sign-in"],
        [*visitor, "--include-tag", "visitor"],
    ]


def vault(house):
    """The vault's public face."""
    vault = urllib.parse.urlsplit(house["vault"])
    caller = ["-H", f"Host: {vault.netloc}", "-H", f"Origin: {house['vault']}", "--include-tag", "pages", "--include-tag", "calls"]
    return f"http://127.0.0.1:{vault.port}", [caller]


def zone(house):
    """The zone link, with the desk's certificate. The house's own authority signed the vault's, for another name than this."""
    with open(house["data"] + "/vault.toml", "rb") as file:
        listen = tomllib.load(file)["listen"]["zone"]
    with open(house["data"] + "/desk.toml", "rb") as file:
        tls = tomllib.load(file)["tls"]
    mutual = ["--request-cert", tls["certificate"], "--request-cert-key", tls["key"], "--tls-verify=false"]
    return f"https://{listen}", [[*mutual, "--include-tag", "zone"]]


def main():
    documents, house = sys.argv[1], json.loads(sys.argv[2])
    failed = []
    for zone_of, document in ((desk, "desk.json"), (vault, "vault.json"), (zone, "vault.json")):
        url, callers = zone_of(house)
        failed += [run(f"{documents}/{document}", url, caller) for caller in callers]
    sys.exit(max(failed))


main()
