"""Writes the software bill of materials of the image: crates linked into the program, ONNX Runtime, Debian packages.

sbom.py VERSION DATE VERSIONS, in the top folder; VERSIONS has one Debian package=version a line. The same arguments
give the same document."""

import json
import re
import subprocess
import sys
import uuid
from datetime import datetime
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

PROGRAM = "filrouge"
TARGET = "x86_64-unknown-linux-gnu"
PINS = Path("crates/onnx-runtime/src/pins.rs")


def metadata():
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--offline", f"--filter-platform={TARGET}"]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def linked(graph):
    """Packages that are compiled into the program, each with the packages that it needs: neither tests nor builds."""
    nodes = {node["id"]: node for node in graph["resolve"]["nodes"]}
    [first] = [package["id"] for package in graph["packages"] if package["name"] == PROGRAM]

    def needs(node):
        kinds = {dep["pkg"]: [kind["kind"] for kind in dep["dep_kinds"]] for dep in node["deps"]}
        return [package for package, kinds in kinds.items() if None in kinds]

    found, waiting = {}, [first]
    while waiting:
        package = waiting.pop()
        if package not in found:
            found[package] = needs(nodes[package])
            waiting += found[package]
    return first, found


def crate(package):
    licence = package.get("license")
    return Component(
        type=ComponentType.LIBRARY,
        name=package["name"],
        version=package["version"],
        purl=PackageURL("cargo", None, package["name"], package["version"]),
        bom_ref=f"cargo:{package['name']}@{package['version']}",
        # An old way to write OR.
        licenses=[LicenseFactory().make_from_string(licence.replace("/", " OR "))] if licence else [],
    )


def debian(line):
    name, version = line.split("=", 1)
    purl = PackageURL("deb", "debian", name, version, {"arch": "amd64"})
    return Component(type=ComponentType.LIBRARY, name=name, version=version, purl=purl, bom_ref=f"deb:{name}")


def onnx_runtime():
    version = re.search(r'VERSION: &str = "([^"]+)"', PINS.read_text())[1]
    purl = PackageURL("pypi", None, "onnxruntime", version)
    licence = LicenseFactory().make_from_string("MIT")
    return Component(
        type=ComponentType.LIBRARY, name="onnxruntime", version=version, purl=purl, bom_ref="onnxruntime", licenses=[licence]
    )


def bill(version, date, packages):
    graph = metadata()
    first, needs = linked(graph)
    crates = {package["id"]: crate(package) for package in graph["packages"] if package["id"] in needs}
    program = crates.pop(first)
    program.type = ComponentType.APPLICATION
    program.version = version

    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"filrouge {version} {date}"))
    bom.metadata.component = program
    bom.metadata.timestamp = datetime.fromisoformat(date.replace("Z", "+00:00"))
    others = [onnx_runtime(), *map(debian, packages)]
    for component in [*crates.values(), *others]:
        bom.components.add(component)

    everything = {first: program, **crates}
    for package, wanted in needs.items():
        bom.register_dependency(everything[package], [everything[one] for one in wanted])
    bom.register_dependency(program, others)
    return JsonV1Dot6(bom).output_as_string(indent=2)


def main():
    version, date, versions = sys.argv[1:]
    text = bill(version, date, Path(versions).read_text().split())
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault:
        sys.exit(f"the document is not CycloneDX 1.6: {fault}")
    print(text)


if __name__ == "__main__":
    main()
