"""``entra-emulator``, or ``python -m emulator``: serve the pretend Entra and Elium until told to stop.

Here are the options only. What serves takes a while to load, so it is loaded after the first line was printed.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import cast

_LAST_PORT = 65_535

_DESCRIPTION = """\
A pretend Microsoft Entra ID on loopback, over TLS: it signs in, answers Microsoft Graph, and provisions
users into a pretend Elium, or into any SCIM server. Nothing of it leaves this machine.

When it answers it prints one line of JSON: its addresses, and a file of shell lines that points clients at
it: Pulumi and Terraform, azure-identity, the SDKs for Graph, curl. The file goes when the emulator ends.
"""

_EXAMPLES = """\
examples:
  entra-emulator                                    serve Contoso, a made-up company, on port 8443
  . .state/emulator/environment                     in another shell: let clients find it
  entra-emulator --port 0 --seed company.yaml       a company of your own, on any free port
  entra-emulator --tenants 100 --entra-tenants 10   many Elium platforms, for a fleet
  entra-emulator --install-azuread                  for Pulumi where its own azuread plugin cannot be had
"""


def main(arguments: list[str] | None = None) -> int:
    """Serve, and tell on standard output when ready; progress goes to standard error."""
    options = _options(arguments)
    if options.install_azuread:
        return cast("int", import_module("emulator.azuread.placing").install(options.install_azuread))
    if not options.quiet:
        sys.stderr.write("The emulator is starting.\n")
        sys.stderr.flush()
    return cast("int", import_module("emulator.running").run(options))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "entra-emulator",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('entra-emulator')}")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8443, help="port, 0 for any free one (default: %(default)s)")
    parser.add_argument(
        "--state", type=Path, default=Path(".state/emulator"), help="folder for the authority and the environment"
    )
    parser.add_argument(
        "--seed", type=Path, help="a made-up company of your own, - for one line of standard input (default: Contoso)"
    )
    parser.add_argument(
        "--tenants", type=int, metavar="N", help="make so many Elium platforms, and a tenants.yaml of them"
    )
    parser.add_argument(
        "--entra-tenants", type=int, default=1, metavar="N", help="spread them over so many Entra tenants, a port each"
    )
    parser.add_argument(
        "--tenants-seed", type=int, default=1, metavar="N", help="what they are drawn from (default: %(default)s)"
    )
    parser.add_argument(
        "--names", default="", help="host names to answer to as well, such as graph.microsoft.com, with commas between"
    )
    parser.add_argument(
        "--trust", type=Path, action="append", default=[], help="an authority (PEM) of a SCIM server elsewhere"
    )
    parser.add_argument(
        "--key", action="store_true", help="let the control interface ask for a key, which the environment file has"
    )
    parser.add_argument(
        "--attached", action="store_true", help="end when standard input does: with the program that holds it"
    )
    parser.add_argument("--quiet", action="store_true", help="log warnings only")
    parser.add_argument("--print-env", action="store_true", help="print export lines when ready, secrets included")
    parser.add_argument(
        "--install-azuread",
        metavar="VERSION",
        nargs="?",
        const="installed",
        help="put the stand-in for Pulumi's azuread plugin where Pulumi looks for it, and end (default: the version of "
        "pulumi-azuread that is installed here)",
    )
    options = parser.parse_args(arguments)
    if options.entra_tenants != 1 and options.tenants is None:
        parser.error("--entra-tenants: say with --tenants how many Elium platforms are to be spread over them")
    if options.port + options.entra_tenants - 1 > _LAST_PORT:
        parser.error(f"--port: {options.port} leaves no port for each Entra tenant; the last is {_LAST_PORT}")
    return options


if __name__ == "__main__":
    sys.exit(main())
