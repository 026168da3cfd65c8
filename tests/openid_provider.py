"""An OpenID Connect provider as a process of its own: discovery, its keys, tokens for whatever claims it is asked for.

`python -m tests.openid_provider` prints its URL. POST /token takes {"claims": …, "key": kid, "header": …} and signs;
POST /rotate makes a new RSA key and forgets the old one. It is as trusting as no real one may be: the tests are its only users.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

KEYS: Final[dict[str, Any]] = {
    "rsa": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
    "ec": ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
    "shared": OctKey.generate_key(256, {"kid": "shared"}),
}
ALGORITHMS: Final = {"rsa": "RS256", "ec": "ES256", "shared": "HS256"}
_PUBLIC: Final = ("rsa", "ec")


class Provider(BaseHTTPRequestHandler):
    """The provider's pages."""

    def do_GET(self) -> None:
        """Discovery and keys."""
        issuer = f"http://{self.headers['host']}"
        documents = {
            "/.well-known/openid-configuration": {"issuer": issuer, "jwks_uri": f"{issuer}/jwks"},
            "/jwks": {"keys": [KEYS[name].as_dict(private=False) for name in _PUBLIC]},
        }
        self._answer(documents.get(self.path))

    def do_POST(self) -> None:
        """Tokens, and new keys."""
        asked = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        if self.path == "/rotate":
            KEYS["rsa"] = RSAKey.generate_key(2048, {"kid": asked["kid"], "use": "sig"})
            self._answer({})
            return
        name = asked.get("key", "rsa")
        header = {"alg": ALGORITHMS[name], "kid": KEYS[name].kid, "typ": "JWT"} | asked.get("header", {})
        self._answer({"token": jwt.encode(header, asked["claims"], KEYS[name], algorithms=[header["alg"]])})

    def log_message(self, *_: Any) -> None:
        """Nothing is written."""

    def _answer(self, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(404 if document is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
