"""What the files with canaries hold: each as its program writes it, with the token where a thief expects it."""

import json
import sqlite3
from collections.abc import Callable, Mapping

Token = Callable[[str], str]
"""Canary id (without suffix) to its token."""


def cloud(token: Token) -> Mapping[str, str]:
    """Credentials of clouds and clusters, path below the home to text."""
    key_id, key = token("aws-access-key-id"), token("aws-secret-key")
    aws = f"[default]\naws_access_key_id = {key_id}\naws_secret_access_key = {key}\n"
    gcloud = {
        "account": "",
        "client_id": "482910375511-qsd7f6e.apps.example.com",
        "refresh_token": token("gcloud-refresh-token"),
        "type": "authorized_user",
    }
    azure = {"RefreshToken": {"login.example-refreshtoken": {"secret": token("azure-refresh-token")}}}
    kube = (
        "apiVersion: v1\nkind: Config\ncurrent-context: staging\n"
        "clusters:\n- name: staging\n  cluster:\n    server: https://k8s.corp.example:6443\n"
        "contexts:\n- name: staging\n  context:\n    cluster: staging\n    user: dev\n"
        f"users:\n- name: dev\n  user:\n    token: {token('kube-token')}\n"
    )
    return {
        ".aws/credentials": aws,
        ".aws/config": "[default]\nregion = us-east-1\n",
        ".config/gcloud/application_default_credentials.json": json.dumps(gcloud, indent=2) + "\n",
        ".azure/msal_token_cache.json": json.dumps(azure, indent=2) + "\n",
        ".kube/config": kube,
    }


def registries(token: Token) -> Mapping[str, str]:
    """Tokens for package and image registries. Their hosts are private, so that no honest tool sends them out."""
    docker = {"auths": {"registry.corp.example": {"identitytoken": token("docker-token")}}}
    return {
        ".docker/config.json": json.dumps(docker, indent=2) + "\n",
        ".npmrc": f"//npm.corp.example/:_authToken={token('npm-token')}\n",
        ".pypirc": (
            "[distutils]\nindex-servers = corp\n\n[corp]\nrepository = https://pypi.corp.example/\n"
            f"username = __token__\npassword = {token('pypi-token')}\n"
        ),
    }


def accounts(token: Token) -> Mapping[str, str]:
    """Passwords and tokens for git, databases and vaults."""
    return {
        ".netrc": f"machine git.corp.example\n  login dev\n  password {token('netrc-password')}\n",
        ".git-credentials": f"https://dev:{token('git-credential')}@git.corp.example\n",
        ".config/gh/hosts.yml": (
            f"github.corp.example:\n    user: dev\n    oauth_token: {token('gh-cli-token')}\n    git_protocol: ssh\n"
        ),
        ".pgpass": f"db.corp.example:5432:app:app:{token('pgpass-password')}\n",
        ".vault-token": token("vault-token"),
        ".env": f"SLACK_BOT_TOKEN={token('home-env-token')}\n",
    }


def histories(token: Token) -> Mapping[str, str]:
    """Shell history with the slips that real ones hold."""
    return {
        ".bash_history": (
            "cd project\ngit pull\nls -la\n"
            f"mysql -h db.corp.example -u app -p{token('bash-history-password')} app\npython -m pytest -q\nexit\n"
        ),
        ".zsh_history": (
            ": 1739268840:0;git status\n"
            f": 1739268901:0;export SENTRY_AUTH_TOKEN={token('zsh-history-token')}\n: 1739268915:0;make build\n"
        ),
    }


def browsers(token: Token) -> Mapping[str, bytes]:
    """Profiles of two browsers: real SQLite and JSON files."""
    firefox = {
        "logins": [{"hostname": "https://portal.corp.example", "encryptedPassword": token("firefox-login")}],
        "version": 3,
    }
    profile = ".mozilla/firefox/k3v8x2qd.default-release"
    return {
        ".config/google-chrome/Default/Cookies": _sqlite(
            "CREATE TABLE cookies (host_key TEXT, name TEXT, value TEXT)",
            "INSERT INTO cookies VALUES ('.portal.corp.example', 'session', ?)",
            token("chrome-cookie"),
        ),
        ".config/google-chrome/Default/Login Data": _sqlite(
            "CREATE TABLE logins (origin_url TEXT, username_value TEXT, password_value TEXT)",
            "INSERT INTO logins VALUES ('https://portal.corp.example/', 'dev', ?)",
            token("chrome-login"),
        ),
        f"{profile}/cookies.sqlite": _sqlite(
            "CREATE TABLE moz_cookies (host TEXT, name TEXT, value TEXT)",
            "INSERT INTO moz_cookies VALUES ('portal.corp.example', 'sid', ?)",
            token("firefox-cookie"),
        ),
        f"{profile}/logins.json": json.dumps(firefox).encode(),
    }


def wallets(token: Token) -> Mapping[str, bytes]:
    """Wallets of three currencies' programs."""
    keystore = {
        "address": "5aeda56215b167893e80b4fe645ba6d5bab767de",
        "crypto": {"cipher": "aes-128-ctr", "ciphertext": token("ethereum-keystore"), "kdf": "scrypt"},
        "version": 3,
    }
    # Berkeley DB's magic number at offset 12, as wallet.dat has it
    bitcoin = bytes(12) + bytes.fromhex("62310500") + bytes(496) + b"\x04mkey" + token("bitcoin-wallet").encode()
    return {
        ".bitcoin/wallet.dat": bitcoin + bytes(4096 - len(bitcoin)),
        ".ethereum/keystore/UTC--2025-02-11T09-14-07.114Z--5aeda56215b167893e80b4fe645ba6d5bab767de": json.dumps(
            keystore
        ).encode(),
        ".config/Exodus/exodus.wallet/seed.seco": b"SECO" + bytes(12) + token("exodus-seed").encode(),
    }


def project_files(token: Token) -> Mapping[str, str]:
    """Files below the project. ``.env`` is ignored by git; the other two are committed and changed since."""
    return {
        ".env": f"STRIPE_SECRET_KEY={token('project-env-secret')}\nDEBUG=0\n",
        "scripts/import_customers.py": import_script(token("customer-in-source")),
        "docs/onboarding.md": onboarding(token("customer-in-document")),
    }


def import_script(customer: str) -> str:
    """A source file that names a customer."""
    return (
        '"""Imports one customer\'s records."""\n\nimport csv\nimport sys\n\n'
        f'CUSTOMER = "{customer} Ltd"\n\n\n'
        "def rows(path):\n    with open(path, newline='') as file:\n        yield from csv.DictReader(file)\n\n\n"
        'if __name__ == "__main__":\n    print(CUSTOMER, sum(1 for _ in rows(sys.argv[1])))\n'
    )


def onboarding(customer: str) -> str:
    """A document that names a customer."""
    return (
        "# Onboarding\n\n1. Create the account.\n2. Import the records with `scripts/import_customers.py`.\n"
        f"3. Tell the contact at {customer} that the import is done.\n"
    )


def _sqlite(create: str, insert: str, value: str) -> bytes:
    database = sqlite3.connect(":memory:")
    try:
        database.execute(create)
        database.execute(insert, (value,))
        database.commit()
        return database.serialize()
    finally:
        database.close()
