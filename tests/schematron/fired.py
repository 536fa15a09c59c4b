"""Puts records to Schematron schemas: ISO skeleton (in lxml) to compile, Saxon (saxonche) to run.

In (stdin): a JSON list of {"schema": FILE, "phase": NAME, "records": [FILE, ...]}.
Out (stdout): a JSON list, for each of them a list with an object for each record: id -> text.

The skeleton in lxml is that for XSLT 1; it is told that the binding is `xslt`, and what it makes is
then run as XSLT 2.0, which is what its authors advise for other bindings.
"""

import json
import re
import sys
from pathlib import Path

import lxml.isoschematron
from saxonche import PySaxonProcessor

SKELETON = Path(lxml.isoschematron.__file__).parent / "resources/xsl/iso-schematron-xslt1"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def compiled(processor, skeleton, schema, phase):
    text = Path(schema).read_text(encoding="utf-8")
    assert text.count('queryBinding="xslt2"') == 1
    text = text.replace('queryBinding="xslt2"', 'queryBinding="xslt"')
    document = processor.parse_xml(xml_text=text)
    skeleton.set_parameter("phase", processor.make_string_value(phase))
    sheet = skeleton.transform_to_string(xdm_node=document)
    assert sheet, f"{schema}: the skeleton made nothing"
    sheet, count = re.subn(r'(<xsl:stylesheet[^>]*?\sversion=)"1\.0"', r'\1"2.0"', sheet, count=1)
    assert count == 1, sheet[:400]
    return processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet)


def fired(report):
    from lxml import etree

    root = etree.fromstring(report.encode("utf-8"))
    failed = root.findall(SVRL + "failed-assert")
    assert not failed, "the schemas hold reports alone"
    found = {}
    for one in root.findall(SVRL + "successful-report"):
        found[one.get("id")] = "".join(one.itertext()).strip()
    return found


def main():
    jobs = json.load(sys.stdin)
    out = []
    with PySaxonProcessor(license=False) as processor:
        xslt = processor.new_xslt30_processor()
        skeleton = xslt.compile_stylesheet(stylesheet_file=str(SKELETON / "iso_svrl_for_xslt1.xsl"))
        for job in jobs:
            sheet = compiled(processor, skeleton, job["schema"], job["phase"])
            results = []
            for record in job["records"]:
                node = processor.parse_xml(xml_file_name=record)
                results.append(fired(sheet.transform_to_string(xdm_node=node)))
            out.append(results)
    json.dump(out, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
